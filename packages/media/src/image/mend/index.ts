import { type FaultCode, MediaFault } from '../../fault.ts'
import type { Limits } from '../../limits.ts'
import type { SourceWarning } from '../../source-warning.ts'
import type { ImageInput } from '../input.ts'
import type { ImageType } from '../types.ts'
import { mendGif } from './gif.ts'
import { mendJpeg } from './jpeg.ts'
import type { Mended } from './mended.ts'
import { mendPng } from './png.ts'
import { mendTiff } from './tiff.ts'
import { tidyTiff } from './tiff-tags.ts'
import { mendWebp } from './webp.ts'

interface Source {
  file: string
  type: ImageType
  limits: Pick<Limits, 'maxFrames'>
}

/** Formats whose ends, sizes or directories tell before anything is decoded. */
const MENDERS: Partial<Record<ImageType, (source: Source) => Promise<Mended | null>>> = {
  'image/png': ({ file }) => mendPng(file),
  'image/gif': ({ file }) => mendGif(file),
  'image/webp': ({ file }) => mendWebp(file),
  'image/tiff': ({ file, limits }) => mendTiff(file, limits.maxFrames),
}

/**
 * What to decode: the file, or what is whole in it, and what to say of it once it is decoded. Costs a few bytes of reading where
 * nothing is missing.
 * @throws MediaFault TRUNCATED_FILE where nothing whole is left
 */
export const wholeInput = async (source: Source): Promise<WholeInput> =>
  (await MENDERS[source.type]?.(source)) ?? { input: source.file, warning: null }

interface WholeInput {
  input: ImageInput
  warning: SourceWarning | null
}

/** Formats of which only a decoder can say that something is odd, and which a header alone can make so. */
const TIDIERS: Partial<Record<ImageType, (source: Source) => Promise<Mended | null>>> = {
  'image/jpeg': ({ file }) => mendJpeg(file),
  'image/tiff': ({ file, limits }) => tidyTiff(file, limits.maxFrames),
}
const MAY_BE_ODD: ReadonlySet<FaultCode> = new Set(['CORRUPT_FILE', 'TRUNCATED_FILE'])

/**
 * What a decoder that takes every warning for an error may yet read; null where nothing can be mended. Reads the whole file, so it
 * is asked only after the decoder has refused it; one that is too large to be mended stays refused for what it is.
 */
export async function mendRefused(source: Source, error: unknown): Promise<Mended | null> {
  if (!(error instanceof MediaFault) || !MAY_BE_ODD.has(error.code)) return null
  try {
    return (await TIDIERS[source.type]?.(source)) ?? null
  } catch (failure) {
    if (failure instanceof MediaFault && failure.code === 'RESOURCE_LIMIT') return null
    throw failure
  }
}
