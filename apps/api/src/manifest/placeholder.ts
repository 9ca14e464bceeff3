import type { ManifestPlaceholder, Placeholder } from '@darkroom/contracts'
import { thumbHashToDataURL } from 'thumbhash'

/** Returns the colour and the blurred image that stand in for an asset until it is loaded, usable without a script. */
export function presentPlaceholder(placeholder: Placeholder): ManifestPlaceholder {
  const { thumbhash, dominantColor } = placeholder
  const dataUrl = thumbHashToDataURL(Buffer.from(thumbhash, 'base64'))
  return {
    dominantColor,
    thumbhash,
    dataUrl,
    css: `background:${dominantColor} url(${dataUrl}) center/cover no-repeat`,
  }
}
