import { overLimit } from '../../fault.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'

/** Our own limits: libvips itself accepts 40,000 frames and hundreds of megapixels. */
export const checkLimitsStep = {
  name: 'pixels',
  run({ type, limits }: ImageProbeContext, { header }: Pick<ImageProbeResults, 'header'>): number {
    const { width, height, pages = 1 } = header
    // All frames of an animation are one image to whoever plays it; pages of a document are not.
    const pixels = width * height * (type === 'image/tiff' ? 1 : pages)
    const size = `${width} × ${height}`
    if (pages > limits.maxFrames) {
      throw overLimit(
        'maxFrames',
        'TOO_MANY_FRAMES',
        `The file has ${pages} frames; at most ${limits.maxFrames} are allowed`,
      )
    }
    if (pixels > limits.maxPixels) {
      const frames = pages > 1 ? ` × ${pages} frames` : ''
      throw overLimit(
        'maxPixels',
        'TOO_MANY_PIXELS',
        `The image has ${size}${frames} pixels; at most ${inWords(limits.maxPixels)} are allowed`,
      )
    }
    if (Math.max(width, height) > limits.maxDimension) {
      throw overLimit(
        'maxDimension',
        'TOO_MANY_PIXELS',
        `The image has ${size} pixels; at most ${limits.maxDimension} are allowed on one side`,
      )
    }
    return pixels
  },
} as const

const inWords = (pixels: number): string => (pixels % 1e6 === 0 ? `${pixels / 1e6} million` : String(pixels))
