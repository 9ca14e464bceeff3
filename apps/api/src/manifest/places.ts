import type { AssetView } from '@darkroom/db/assets'
import type { ApiSettings } from '../deps.ts'
import { isServed, variantUrl } from '../presenters/asset.ts'
import type { OpenView } from '../views/view.ts'

type Variant = AssetView['variants'][number]

/** Where somebody finds the variants of an asset. */
export interface Places {
  /** Null while the variant is not ready. */
  urlOf(view: AssetView, variant: Variant): string | null
  /** Whether a browser gets it, and what it names, by itself. */
  isReached(view: AssetView, variant: Variant): boolean
}

/** For whoever has a key: what no CDN serves is behind our own route. */
export const withKey = (settings: ApiSettings): Places => ({
  urlOf: (view, variant) => variantUrl(settings, view, variant),
  isReached: (view, variant) => isServed(settings, view, variant),
})

/** For whoever has a view: what no CDN serves is in it. */
export const inView = (settings: ApiSettings, { urlOf }: OpenView): Places => ({
  urlOf: (view, variant) =>
    variant.status === 'ready' && variant.key && !isServed(settings, view, variant)
      ? urlOf({ name: variant.name, key: variant.key })
      : variantUrl(settings, view, variant),
  isReached: () => true,
})
