import sharp from 'sharp'
import { ssim as ssimOf } from 'ssim.js'

/** Encoded bytes, or the path of a file. */
export type ImageSource = Buffer | string

/** Measures the mean structural similarity (SSIM) of two images of the same size: 1 is identical. */
export async function ssim(a: ImageSource, b: ImageSource): Promise<number> {
  const [one, other] = await decodeBoth(a, b)
  return ssimOf(one, other).mssim
}

/**
 * Measures the mean difference of all samples, colour and alpha, of two images of the same size: 0 is identical, 255
 * the maximum.
 */
export async function meanAbsoluteError(a: ImageSource, b: ImageSource): Promise<number> {
  const [one, other] = await decodeBoth(a, b)
  const sum = one.data.reduce((total, sample, index) => total + Math.abs(sample - (other.data[index] ?? 0)), 0)
  return sum / one.data.length
}

async function decodeBoth(a: ImageSource, b: ImageSource) {
  const [one, other] = await Promise.all([decode(a), decode(b)])
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error(`the images differ in size: ${one.width}x${one.height} and ${other.width}x${other.height}`)
  }
  return [one, other] as const
}

/** Decodes an image as a browser shows it: upright, in sRGB. */
async function decode(image: ImageSource) {
  const pixels = sharp(image).autoOrient().toColourspace('srgb').ensureAlpha().raw()
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true })
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height }
}
