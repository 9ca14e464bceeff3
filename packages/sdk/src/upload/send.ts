import type { DarkroomError } from '../errors.ts'
import { isPassing } from '../transport.ts'
import type { MultipartUpload, PartsSigned, SingleUpload } from '../types.ts'
import { inParallel } from './in-parallel.ts'
import { createPartUrls } from './part-urls.ts'
import type { Persistence } from './persistence.ts'
import { type Put, putWatched } from './put.ts'
import type { Sha256 } from './sha256.ts'
import type { Source } from './source.ts'

export interface SendDeps {
  put: Put
  persist: Persistence
  source: Source
  /** Without a byte for so long a transfer begins again, in ms. */
  stallAfterMs: number
  signal: AbortSignal
  /** Told how much of the whole file the store has or is getting. */
  onSent: (sentBytes: number) => void
}

/** A store that refuses even fresh URLs will go on to. */
const MAX_REFUSALS = 3

/** Tells whether the same bytes may be taken at another attempt, with a fresh URL. */
const mayBeTaken = (error: DarkroomError, retry: number): boolean =>
  isPassing(error) || (error.code === 'STORE_REFUSED' && retry < MAX_REFUSALS)

interface SingleDeps extends SendDeps {
  upload: SingleUpload
  renew: () => Promise<SingleUpload>
}

/** Sends a file in one PUT. */
export async function sendSingle({ upload, renew, persist, put, source, signal, onSent, stallAfterMs }: SingleDeps) {
  const bytes = await source.read(0, source.byteSize)
  await persist(async retry => {
    const { url, headers } = retry === 0 ? upload : await renew()
    await putWatched(put, { url, headers, bytes, onSent, signal }, stallAfterMs)
  }, mayBeTaken)
}

interface PartsDeps extends SendDeps {
  layout: Pick<MultipartUpload, 'partSize' | 'partCount'>
  /** What came with the upload; null where it is an older one. */
  first: MultipartUpload | null
  /** Numbers of the parts that the store has. */
  present: ReadonlySet<number>
  sign: (partNumbers: number[]) => Promise<PartsSigned>
  /** Gets the whole file in order, also what is not sent any more; null: it is only read where it is sent. */
  hash: Sha256 | null
  parallel: number
}

/** Sends what the store lacks of a file, several parts at once. */
export async function sendParts(deps: PartsDeps): Promise<void> {
  const { layout, present, sign, first, hash, parallel, source, persist, put, signal, onSent, stallAfterMs } = deps
  const { partSize, partCount } = layout
  const numbers = Array.from({ length: partCount }, (_, index) => index + 1)
  const missing = numbers.filter(partNumber => !present.has(partNumber))
  const urls = createPartUrls({ sign, first, partNumbers: missing })
  const startOf = (partNumber: number) => (partNumber - 1) * partSize
  const bytesOf = (partNumber: number) => Math.min(partSize, source.byteSize - startOf(partNumber))
  const sent = new Map([...present].map(partNumber => [partNumber, bytesOf(partNumber)]))
  const tell = () => onSent([...sent.values()].reduce((sum, bytes) => sum + bytes, 0))

  const waiting = (hash ? numbers : missing).values()
  let reading: Promise<unknown> = Promise.resolve()

  /** Reads the next part that is missing. In order, because a hash is. */
  async function readNext() {
    for (const partNumber of waiting) {
      const start = startOf(partNumber)
      const bytes = await source.read(start, start + bytesOf(partNumber))
      await hash?.update(bytes)
      if (!present.has(partNumber)) return { partNumber, bytes }
      signal.throwIfAborted()
    }
    return null
  }

  function next() {
    const turn = reading.then(readNext)
    reading = turn.catch(() => undefined)
    return turn
  }

  async function sendPart(
    { partNumber, bytes }: { partNumber: number; bytes: Uint8Array<ArrayBuffer> },
    stop: AbortSignal,
  ) {
    const onPart = (sentBytes: number) => {
      sent.set(partNumber, sentBytes)
      tell()
    }
    await persist(async () => {
      try {
        const url = await urls.url(partNumber)
        await putWatched(put, { url, headers: {}, bytes, onSent: onPart, signal: stop }, stallAfterMs)
      } catch (error) {
        urls.drop(partNumber)
        onPart(0)
        throw error
      }
    }, mayBeTaken)
    onPart(bytes.byteLength)
  }

  tell()
  await inParallel(parallel, next, sendPart, signal)
}
