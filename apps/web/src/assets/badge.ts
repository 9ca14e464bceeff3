import type { Asset } from '@darkroom/contracts'
import { extentOf } from './asset-facts.ts'
import { kindOfAsset } from './asset-kind.ts'

/** How long it is, as its tile says; null for an image, and while nobody has looked. */
export const badgeOf = (asset: Asset): string | null =>
  kindOfAsset(asset) === 'image' ? null : (extentOf(asset).at(-1) ?? null)
