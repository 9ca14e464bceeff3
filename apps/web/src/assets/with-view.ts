import type { Asset } from '@darkroom/contracts'

/** What is not public has a URL of the API, which asks for the key; a tag of the page sends none. */
const NEEDS_KEY = /\/v1\/assets\/[^/]+\/download\?/

const needsKey = (url: string | null): boolean => url !== null && NEEDS_KEY.test(url)

/** Whether a view has to be opened before the page can show an asset. */
export const needsView = ({ variants }: Pick<Asset, 'variants'>): boolean => variants.some(({ url }) => needsKey(url))

/** Names and contents of the files that a view is needed for: as long as they are the same, so is what it shows. */
export const hiddenFiles = ({ variants }: Pick<Asset, 'variants'>): string[] =>
  variants
    .filter(({ status, url }) => status === 'ready' && needsKey(url))
    .map(({ name, sha256 }) => `${name} ${sha256}`)

/** The asset with URLs that tags can load: those of a view in the place of its own, none where there is none yet. */
export const withView = (asset: Asset, urls: Readonly<Record<string, string>>): Asset => ({
  ...asset,
  variants: asset.variants.map(variant =>
    needsKey(variant.url) ? { ...variant, url: urls[variant.name] ?? null } : variant,
  ),
})
