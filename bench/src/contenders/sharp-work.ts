import { encoderOptions } from '@darkroom/media'
import sharp, { type Sharp } from 'sharp'
import type { Photo, PlannedStillImage } from '../photos/photo.ts'

/** What sharp is told of a photo. */
export interface SharpJob {
  file: string
  variants: PlannedStillImage[]
  hasAlpha: boolean
  /** Colours are right without the profile; leaving it out is what a careful user would do, and up to 200 ms quicker. */
  ignoreIcc: boolean
}

export type SharpMode = keyof typeof SHARP_WORK

export const sharpJob = ({ file, variants, facts }: Pick<Photo, 'file' | 'variants' | 'facts'>): SharpJob => ({
  file,
  variants,
  hasAlpha: facts.hasAlpha,
  ignoreIcc: facts.iccProfile === null || /srgb/i.test(facts.iccProfile),
})

const open = ({ file, ignoreIcc }: SharpJob): Sharp => sharp(file, { ignoreIcc }).autoOrient()

function encode(image: Sharp, variant: PlannedStillImage, hasAlpha: boolean): Promise<Buffer> {
  const { format } = variant
  const opaque = hasAlpha && format === 'jpeg' ? image.flatten({ background: '#ffffff' }) : image
  return opaque.toFormat(format, encoderOptions(variant)).toBuffer()
}

/** Makes every variant from the file, as in sharp's documentation. */
async function perVariant(job: SharpJob): Promise<Buffer[]> {
  const made: Buffer[] = []
  for (const variant of job.variants) {
    const { width, height, fit } = variant
    made.push(
      await encode(open(job).resize(width, height, { fit: fit === 'cover' ? 'cover' : 'fill' }), variant, job.hasAlpha),
    )
  }
  return made
}

/** Does the least possible work: one decode to the largest size, everything else from those pixels. */
async function decodeOnce(job: SharpJob): Promise<Buffer[]> {
  const largest = job.variants.at(-1)
  if (!largest) return []
  const { data, info } = await open(job)
    .resize(largest.width, largest.height, { fit: 'fill' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { channels } = info
  const made: Buffer[] = []
  for (const variant of job.variants) {
    const { width, height, fit } = variant
    const pixels = sharp(data, { raw: { width: info.width, height: info.height, channels } })
    const isThatSize = width === info.width && height === info.height
    const resized = isThatSize ? pixels : pixels.resize(width, height, { fit: fit === 'cover' ? 'cover' : 'fill' })
    made.push(await encode(resized, variant, channels === 4))
  }
  return made
}

/** Encoded files in the order of the variants. */
export const SHARP_WORK = { perVariant, decodeOnce } as const
