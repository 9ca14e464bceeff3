import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Width and height in pixels, 3 to 20 MP. */
const SIZES = [
  [2048, 1536],
  [3264, 2448],
  [4000, 3000],
  [3000, 4000],
  [4608, 3072],
  [5472, 3648],
] as const
/** One pixel of the coarse noise becomes this many: blurred shapes, like things out of focus. */
const SHAPE_PX = 64

/** Generates JPEGs with large soft shapes and fine grain, about as expensive to decode and to encode as photos. */
export async function generatePhotos(folder: string): Promise<string> {
  await mkdir(folder)
  for (const [width, height] of SIZES) {
    const grain = await noise(width, height, 24).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer()
    const shapes = await noise(Math.ceil(width / SHAPE_PX), Math.ceil(height / SHAPE_PX), 60)
      .png()
      .toBuffer()
    await sharp(shapes)
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 88 })
      .toFile(join(folder, `generated-${width}x${height}.jpg`))
  }
  return folder
}

function noise(width: number, height: number, sigma: number) {
  return sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma } },
  })
}
