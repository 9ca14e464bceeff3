const MAX_COUNTED = 10_000

/** Describes how many assets a deletion still has to delete. The API counts up to a maximum. */
export function leftText(assetsLeft: number): string {
  if (assetsLeft === 0) return 'No asset is left.'
  if (assetsLeft >= MAX_COUNTED) return `${MAX_COUNTED} assets or more are left.`
  return assetsLeft === 1 ? '1 asset is left.' : `${assetsLeft} assets are left.`
}
