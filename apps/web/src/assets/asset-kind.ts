import type { Asset, MediaKind } from '@darkroom/contracts'
import { kindOf } from '../media-format.ts'

/** Returns the kind of an asset: the detected one, or before that the declared one. */
export const kindOfAsset = ({ kind, contentType }: Pick<Asset, 'kind' | 'contentType'>): MediaKind | null =>
  kind ?? kindOf(contentType)

/** Returns what variants are called: `size` for images, `file` for everything else. */
export const variantsName = (asset: Pick<Asset, 'kind' | 'contentType'>): 'size' | 'file' =>
  kindOfAsset(asset) === 'image' ? 'size' : 'file'
