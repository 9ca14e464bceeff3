import type { Asset } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { readyVariants } from '../../assets/ready-variants.ts'
import { isShownByBrowsers } from '../viewer/shown-by-browsers.ts'

/** Gets the pixels of an image: of the original, or of the largest variant where no browser shows the original. */
export async function croppableFile(darkroom: Darkroom, asset: Asset): Promise<Blob> {
  const variant = isShownByBrowsers(asset.contentType) ? undefined : largestImage(asset)
  const answer = await darkroom.assets.download(asset.id, variant === undefined ? {} : { variant })
  return answer.blob()
}

const largestImage = (asset: Asset): string | undefined =>
  readyVariants(asset).findLast(({ contentType }) => contentType?.startsWith('image/'))?.name
