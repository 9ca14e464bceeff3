/** The middle one, null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, two) => one - two)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

export const worst = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values))
