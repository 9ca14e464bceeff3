import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Placeholder } from '@darkroom/contracts'
import { isMediaType, MEDIA_TYPES, type MediaType, normalizeMediaType } from '@darkroom/contracts/media-types'
import type { AppError } from '@darkroom/core'
import { documentTimeMs } from '../document/time-limit.ts'
import { childMisbehaved, fromFault, outputTooLarge } from '../errors.ts'
import type { Facts } from '../facts.ts'
import type { Limits } from '../limits.ts'
import type { Plan } from '../plan.ts'
import { isLong, type PlannedVariant } from '../planned.ts'
import type { SourceWarning } from '../source-warning.ts'
import { DetectValue, ProbeValue, RenderValue, type VariantMessage } from './answers.ts'
import type { MediaProcess } from './media-process.ts'
import { lendTo, takeFrom } from './process-folder.ts'
import { type RenderParams, variantFileName } from './protocol.ts'
import type { Permit } from './semaphore.ts'

export interface VariantFile {
  name: string
  /** Absolute path inside `outDir`, where the process cannot reach it: a regular file of `byteSize` bytes. */
  file: string
  contentType: string
  byteSize: number
  /** In pixels, like `height`; null for what has no size. */
  width: number | null
  height: number | null
  sha256: string
}

/** A variant that failed alone; the others go on. */
export interface VariantFailure {
  name: string
  error: AppError
}

export type RenderedVariant = VariantFile | VariantFailure

export interface RenderInput {
  file: string
  facts: Facts
  plan: Plan
  /** An existing folder that only this job uses, in the file system of the pool's `tempRoot`. */
  outDir: string
  /** Names of the variants to make; all when left out. */
  only?: string[]
}

export interface RenderListeners {
  /** Each variant, as soon as its file is complete. */
  onVariant(variant: RenderedVariant): void
  /** How far it is: `value` from 0 to 1, `stage` in at most 40 characters. */
  onProgress?: ((progress: { value: number; stage: string }) => void) | undefined
  onWarning?(warning: SourceWarning): void
}

/** A sandboxed process for the time of one job. Any error that a call throws has a code of the catalogue. */
export interface MediaChild {
  /**
   * The type of the bytes, where they and not the declared type decide. Nothing is decoded: any process may be asked.
   * @throws AppError EMPTY_FILE, TYPE_MISMATCH of texts and SVG files, UNRECOGNIZED_TYPE, UNSUPPORTED_TYPE; TIMEOUT,
   * RESOURCE_LIMIT, WORKER_CRASHED
   */
  detectType(input: { file: string; declaredType: string }): Promise<MediaType>
  /**
   * What the file is. Reads the header, not the pixels: damage further in shows in `render`.
   * @throws AppError EMPTY_FILE, TYPE_MISMATCH, UNRECOGNIZED_TYPE, UNSUPPORTED_TYPE, TOO_MANY_PIXELS, TOO_MANY_FRAMES,
   * CORRUPT_FILE, TRUNCATED_FILE; TIMEOUT, RESOURCE_LIMIT, WORKER_CRASHED
   */
  probe(input: { file: string; declaredType: string }, listeners?: Pick<RenderListeners, 'onWarning'>): Promise<Facts>
  /**
   * Makes the planned variants, smallest first; each is announced as soon as its file is complete. What takes as long as the
   * source lasts may wait for a place after the rest was made; that time does not count.
   * @throws AppError CORRUPT_FILE, TRUNCATED_FILE; TIMEOUT, RESOURCE_LIMIT, WORKER_CRASHED
   */
  render(input: RenderInput, listeners: RenderListeners): Promise<{ placeholder: Placeholder | null }>
  /** The most memory that the process and what it started held so far; 0 where the system does not tell. */
  readonly peakRssBytes: number
}

/** Where a job works, as `Permit` has it. */
export type Place = Pick<Permit, 'tryLengthen' | 'lengthen'>

export function mediaChild(media: MediaProcess, limits: Pick<Limits, 'maxOutputBytes'>, place: Place): MediaChild {
  const renderSome = async (
    variants: readonly PlannedVariant[],
    { input, listeners, ...part }: { input: RenderInput; listeners: RenderListeners } & Pick<RenderParams, 'part'>,
  ): Promise<{ placeholder: Placeholder | null }> => {
    const { onVariant, onProgress, onWarning } = listeners
    const waiting = new Map(variants.map(variant => [variant.name, variant]))
    const file = await lendTo(media.folder, input.file)
    const params = { file, facts: input.facts, variants: [...variants], outDir: media.folder, ...part }
    const value = await media.call(
      { method: 'render', params },
      {
        onVariant: message => {
          const variant = waiting.get(message.name)
          waiting.delete(message.name)
          if (!variant) throw childMisbehaved(`variant ${message.name} was not asked for`)
          onVariant(toVariant(message, variant, { from: media.folder, to: input.outDir }, limits.maxOutputBytes))
        },
        onProgress: ({ value, stage }) => onProgress?.({ value, stage }),
        ...(onWarning && { onWarning }),
      },
      input.facts.kind === 'document' ? await timeOf(input.file, variants) : undefined,
    )
    if (waiting.size > 0) throw misbehaved(media, `no word of ${[...waiting.keys()].join(', ')}`)
    return checked(RenderValue, value, media)
  }

  const paramsOf = async ({ file, declaredType }: { file: string; declaredType: string }) => ({
    file: await lendTo(media.folder, file),
    declaredType: normalizeMediaType(declaredType),
  })

  return {
    async detectType(input) {
      return checked(DetectValue, await media.call({ method: 'detect', params: await paramsOf(input) }), media)
    },

    async probe(input, listeners) {
      const params = await paramsOf(input)
      const timeoutMs = isDocument(params.declaredType) ? await timeOf(input.file, []) : undefined
      return checked(ProbeValue, await media.call({ method: 'probe', params }, listeners, timeoutMs), media)
    },

    async render(input, listeners) {
      const variants = input.plan.variants.filter(({ name }) => input.only?.includes(name) ?? true)
      const [short, long] = [variants.filter(variant => !isLong(variant)), variants.filter(isLong)]
      if (long.length === 0 || place.tryLengthen()) return await renderSome(variants, { input, listeners })
      // All who work have long work: what people look at first is made before one waits for them.
      const quiet = { ...listeners, onProgress: undefined }
      const { placeholder } = await renderSome(short, { input, listeners: quiet, part: 'first' })
      await place.lengthen()
      await renderSome(long, { input, listeners, part: 'rest' })
      return { placeholder }
    },

    get peakRssBytes() {
      return media.peakRssBytes
    },
  }
}

const isDocument = (type: string): boolean => isMediaType(type) && MEDIA_TYPES[type].kind === 'document'

async function timeOf(file: string, variants: readonly PlannedVariant[]): Promise<number> {
  const pages = variants.map(variant => (variant.type === 'text' ? variant.pages : 1))
  return documentTimeMs({ byteSize: (await stat(file)).size, pages: pages.reduce((sum, count) => sum + count, 0) })
}

function toVariant(
  answer: VariantMessage,
  planned: PlannedVariant,
  folders: { from: string; to: string },
  maxBytes: number,
): RenderedVariant {
  const { name, contentType } = planned
  if ('fault' in answer) return { name, error: fromFault(answer.fault) }
  const { byteSize, width, height, sha256 } = answer
  if (byteSize > maxBytes) return { name, error: outputTooLarge(maxBytes) }
  const fileName = variantFileName(planned)
  const file = path.join(folders.to, fileName)
  const found = takeFrom(folders.from, fileName, file)
  if (width === planned.width && height === planned.height && isOwnFile(found, byteSize)) {
    return { name, file, contentType, byteSize, width, height, sha256 }
  }
  throw childMisbehaved(`variant ${name} is not what was planned`)
}

/**
 * Tells whether a file is really the child's output. A compromised child could leave a link to a secret in its place,
 * which would be published.
 */
const isOwnFile = (found: Stats | null, byteSize: number): boolean =>
  found?.isFile() === true && found.nlink === 1 && found.size === byteSize

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: Error }
}

function checked<T>(schema: Schema<T>, value: unknown, media: MediaProcess): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw misbehaved(media, 'the result is not readable', parsed.error)
}

function misbehaved(media: MediaProcess, what: string, cause?: unknown): AppError {
  const error = childMisbehaved(what, cause)
  media.kill(error)
  return error
}
