import type { AssetRecord } from '@darkroom/db/assets'
import type { ApiSettings } from '../deps.ts'
import { isServed, variantUrl } from '../presenters/asset.ts'
import type { OpenView } from '../views/view.ts'

type Variant = AssetRecord['variants'][number]

/** Where somebody finds the variants of an asset. */
export interface Places {
  /** Null while the variant is not ready. */
  urlOf(record: AssetRecord, variant: Variant): string | null
  /** Whether a browser gets it, and what it names, by itself. */
  isReached(record: AssetRecord, variant: Variant): boolean
}

/** Returns the URLs for a caller with a key: what no CDN serves is behind our own route. */
export const withKey = (settings: ApiSettings): Places => ({
  urlOf: (record, variant) => variantUrl(settings, record, variant),
  isReached: (record, variant) => isServed(settings, record, variant),
})

/** Returns the URLs for a caller with a view token: what no CDN serves is behind the view. */
export const inView = (settings: ApiSettings, { urlOf }: OpenView): Places => ({
  urlOf: (record, variant) =>
    variant.status === 'ready' && variant.key && !isServed(settings, record, variant)
      ? urlOf({ name: variant.name, key: variant.key })
      : variantUrl(settings, record, variant),
  isReached: () => true,
})
