import type { Asset } from '@darkroom/contracts'
import { extentOf } from './asset-facts.ts'
import { kindOfAsset } from './asset-kind.ts'

/** Returns the length for the badge of a tile; null for an image, and before it was probed. */
export const badgeOf = (asset: Asset): string | null =>
  kindOfAsset(asset) === 'image' ? null : (extentOf(asset).at(-1) ?? null)
