import sharp from 'sharp'
import { framesIn, type Raster } from './raster.ts'

type Rgb = readonly [number, number, number]

/** JPEG has no transparency, and gets white. Behind all else lies what is in no image, so that wrong opacity is seen. */
const GROUND: { jpeg: Rgb; other: Rgb } = { jpeg: [255, 255, 255], other: [32, 160, 64] }

interface Reading {
  /** Of the variant that is compared. */
  format: string
  /** What the source is scaled to; as it is when left out. */
  size?: { width: number; height: number }
  isAnimated?: boolean
}

/** Decodes every frame of an image with sharp alone: upright, in sRGB, on a background. */
export async function imageFrames(
  file: string,
  { format, size, isAnimated = false }: Reading,
): Promise<{ frames: Raster[]; delaysMs: number[] }> {
  const read = sharp(file, { pages: isAnimated ? -1 : 1 })
  const { delay = [] } = await read.metadata()
  const sized = size ? read.autoOrient().resize(size.width, size.height, { fit: 'fill' }) : read.autoOrient()
  const { data, info } = await sized.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 4) throw new Error(`sharp gave ${info.channels} channels instead of 4`)
  const height = size?.height ?? info.pageHeight ?? info.height
  const seen = onGround(data, format === 'jpeg' ? GROUND.jpeg : GROUND.other)
  return { frames: framesIn(seen, { width: info.width, height }), delaysMs: delay }
}

/** Colours of pixels with opacity on this ground; sharp itself has only grey grounds for grey images. */
function onGround(pixels: Uint8Array, ground: Rgb): Uint8Array {
  const seen = new Uint8Array((pixels.length / 4) * 3)
  for (let at = 0; at < seen.length; at++) {
    const channel = at % 3
    const pixel = ((at - channel) / 3) * 4
    const opacity = (pixels[pixel + 3] ?? 255) / 255
    seen[at] = Math.round((pixels[pixel + channel] ?? 0) * opacity + (ground[channel] ?? 0) * (1 - opacity))
  }
  return seen
}
