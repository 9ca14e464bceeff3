import { type FaultCode, MediaFault } from '../../fault.ts'
import type { Limits } from '../../limits.ts'
import type { SourceWarning } from '../../source-warning.ts'
import type { ImageInput } from '../input.ts'
import type { ImageType } from '../types.ts'
import { patchGif } from './gif.ts'
import { patchJpeg } from './jpeg.ts'
import type { Patched } from './patched.ts'
import { patchPng } from './png.ts'
import { patchTiff } from './tiff.ts'
import { normalizeTiff } from './tiff-tags.ts'
import { patchWebp } from './webp.ts'

interface Source {
  file: string
  type: ImageType
  limits: Pick<Limits, 'maxFrames'>
}

/** Formats whose ends, sizes or directories tell before anything is decoded. */
const PATCHERS: Partial<Record<ImageType, (source: Source) => Promise<Patched | null>>> = {
  'image/png': ({ file }) => patchPng(file),
  'image/gif': ({ file }) => patchGif(file),
  'image/webp': ({ file }) => patchWebp(file),
  'image/tiff': ({ file, limits }) => patchTiff(file, limits.maxFrames),
}

/**
 * Returns what to decode: the file, or what is whole in it, and what to say of it once it is decoded. Costs a few bytes of reading where
 * nothing is missing.
 * @throws MediaFault TRUNCATED_FILE where nothing whole is left
 */
export const wholeInput = async (source: Source): Promise<WholeInput> =>
  (await PATCHERS[source.type]?.(source)) ?? { input: source.file, warning: null }

interface WholeInput {
  input: ImageInput
  warning: SourceWarning | null
}

/** Formats of which only a decoder can say that something is odd, and which a header alone can make so. */
const NORMALIZERS: Partial<Record<ImageType, (source: Source) => Promise<Patched | null>>> = {
  'image/jpeg': ({ file }) => patchJpeg(file),
  'image/tiff': ({ file, limits }) => normalizeTiff(file, limits.maxFrames),
}
const MAY_BE_ODD: ReadonlySet<FaultCode> = new Set(['CORRUPT_FILE', 'TRUNCATED_FILE'])

/**
 * Returns what a decoder that takes every warning for an error may yet read; null where nothing can be patched. Reads the whole file, so it
 * is asked only after the decoder has refused it; one that is too large to be patched stays refused for what it is.
 */
export async function patchRefused(source: Source, error: unknown): Promise<Patched | null> {
  if (!(error instanceof MediaFault) || !MAY_BE_ODD.has(error.code)) return null
  try {
    return (await NORMALIZERS[source.type]?.(source)) ?? null
  } catch (failure) {
    if (failure instanceof MediaFault && failure.code === 'RESOURCE_LIMIT') return null
    throw failure
  }
}
