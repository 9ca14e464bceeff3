import sharp from 'sharp'
import type { FaultBed } from './fault-bed.ts'

/** Reads red, green, blue and, where there is one, the alpha of the pixel at these fractions (0 to 1) of an image. */
export async function pixelAt(file: string | Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(file).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * (info.height - 1)) * info.width + Math.floor(x * (info.width - 1))) * info.channels
  return [...data.subarray(at, at + info.channels)]
}

/** Reads the pixels in the middle of so many stripes side by side. */
export const stripesOf = (file: string | Buffer, count: number): Promise<number[][]> =>
  Promise.all(Array.from({ length: count }, (_, n) => pixelAt(file, (n + 0.5) / count, 0.5)))

/** Returns the largest difference of two colours in any channel. */
export const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...other.map((value, n) => Math.abs(value - (one[n] ?? Infinity))))

/**
 * Extracts the first frame of a video as a PNG with ffmpeg alone, so that numbers of wide-gamut colours stay the same.
 */
export const frameOf = (bed: FaultBed, video: string): Promise<string> =>
  bed.video('frame.png', '-i', video, '-frames:v', '1')

/** Stripes of colours as one image: what should be seen. */
export const flatStripes = (colors: readonly (readonly number[])[]): Promise<Buffer> =>
  sharp(Buffer.from(colors.flatMap(color => color.slice(0, 3))), {
    raw: { width: colors.length, height: 1, channels: 3 },
  })
    .resize(colors.length * 64, 64, { kernel: 'nearest', fit: 'fill' })
    .png()
    .toBuffer()
