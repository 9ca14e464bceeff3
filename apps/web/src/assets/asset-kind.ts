import type { Asset, MediaKind } from '@darkroom/contracts'
import { kindOf } from '../media-format.ts'

/** What it is, or, until somebody has looked, what its owner said. */
export const kindOfAsset = ({ kind, contentType }: Pick<Asset, 'kind' | 'contentType'>): MediaKind | null =>
  kind ?? kindOf(contentType)

/** What is made of an image are its sizes; what is made of anything else are files of many sorts. */
export const variantsName = (asset: Pick<Asset, 'kind' | 'contentType'>): 'size' | 'file' =>
  kindOfAsset(asset) === 'image' ? 'size' : 'file'
