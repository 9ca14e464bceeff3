import type { Asset } from '@darkroom/contracts'

/** What is not public has a URL of the API, which asks for the key; a tag of the page sends none. */
const NEEDS_KEY = /\/v1\/assets\/[^/]+\/download\?/

const needsKey = (url: string | null): boolean => url !== null && NEEDS_KEY.test(url)

/** Tells whether the page needs a view to show an asset. */
export const needsView = ({ variants }: Pick<Asset, 'variants'>): boolean => variants.some(({ url }) => needsKey(url))

/** Returns names and contents of the files that need a view. While they are the same, so is what the view shows. */
export const hiddenFiles = ({ variants }: Pick<Asset, 'variants'>): string[] =>
  variants
    .filter(({ status, url }) => status === 'ready' && needsKey(url))
    .map(({ name, sha256 }) => `${name} ${sha256}`)

/**
 * Returns the asset with URLs that tags can load: URLs of a view where a variant needs a key, none before the view is
 * opened.
 */
export const withView = (asset: Asset, urls: Readonly<Record<string, string>>): Asset => ({
  ...asset,
  variants: asset.variants.map(variant =>
    needsKey(variant.url) ? { ...variant, url: urls[variant.name] ?? null } : variant,
  ),
})
