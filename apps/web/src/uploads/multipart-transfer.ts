import { createConcurrencyLimit } from './concurrency-limit.ts'
import type { SingleTransferEvents, Transfer, TransferEvents } from './transfer.ts'

/** Larger files go up in parts, so that a broken connection costs a part and not the file. */
const IN_PARTS_FROM_BYTES = 50_000_000
const PARTS_AT_ONCE = 3
/** Of the large files: a hundred that share one line would all be late. */
const FILES_AT_ONCE = 2

export const needsMultipart = (byteSize: number): boolean => byteSize > IN_PARTS_FROM_BYTES

interface Sending {
  file: File
  contentType: string
  partSize: number
  /** Those that are still to be started. */
  waiting: Iterator<number>
  /** Bytes sent of each part under way. */
  underWay: Map<number, number>
  sentBytes: number
}

const keyOf = (id: string, partNumber: number) => `${id}#${partNumber}`

function readKey(key: string): { id: string; partNumber: number } | null {
  const [id = '', partNumber] = key.split('#')
  return partNumber === undefined ? null : { id, partNumber: Number(partNumber) }
}

/** Cuts large files into parts and hands each to a transfer that knows only single PUTs; smaller ones pass through. */
export function createMultipartTransfer(
  events: TransferEvents,
  createSingle: (events: SingleTransferEvents) => Transfer,
): Transfer {
  const sending = new Map<string, Sending>()
  const limit = createConcurrencyLimit(FILES_AT_ONCE)

  const single = createSingle({
    sign(key) {
      const part = readKey(key)
      return part ? events.signPart(part.id, part.partNumber) : events.sign(key)
    },
    onProgress: (key, sentBytes) => forPart(key, sentBytes, progressed) || events.onProgress(key, sentBytes),
    onSent: key => forPart(key, undefined, sent) || events.onSent(key),
    onFailed: (key, error) => forPart(key, error, failed) || events.onFailed(key, error),
  })

  /** Whether the key is that of a part; one of a file that was cancelled is heard no more. */
  function forPart<T>(key: string, news: T, use: (id: string, all: Sending, partNumber: number, news: T) => void) {
    const part = readKey(key)
    const all = part && sending.get(part.id)
    if (part && all) use(part.id, all, part.partNumber, news)
    return part !== null
  }

  function progressed(id: string, all: Sending, partNumber: number, sentBytes: number): void {
    all.underWay.set(partNumber, sentBytes)
    events.onProgress(
      id,
      [...all.underWay.values()].reduce((sum, bytes) => sum + bytes, all.sentBytes),
    )
  }

  function sent(id: string, all: Sending, partNumber: number): void {
    all.underWay.delete(partNumber)
    all.sentBytes += bytesOf(all, partNumber).size
    next(id, all)
  }

  function failed(id: string, all: Sending, _partNumber: number, error: unknown): void {
    stop(id, all)
    events.onFailed(id, error)
  }

  /** Starts the next part, or ends the file when that was the last. */
  function next(id: string, all: Sending): void {
    const { done, value: partNumber } = all.waiting.next()
    if (!done) {
      all.underWay.set(partNumber, 0)
      single.start(keyOf(id, partNumber), bytesOf(all, partNumber), all.contentType)
    } else if (all.underWay.size === 0) {
      leave(id)
      events.onSent(id)
    }
  }

  function leave(id: string): void {
    sending.delete(id)
    limit.leave(id)
  }

  function stop(id: string, all: Sending): void {
    leave(id)
    for (const partNumber of all.underWay.keys()) single.cancel(keyOf(id, partNumber))
  }

  async function startInParts(id: string, all: Sending): Promise<void> {
    try {
      const { partSize, partCount, present } = await events.layout(id)
      if (sending.get(id) !== all) return
      const there = new Set(present)
      const missing = Array.from({ length: partCount }, (_, index) => index + 1).filter(number => !there.has(number))
      all.partSize = partSize
      all.sentBytes = present.reduce((sum, number) => sum + bytesOf(all, number).size, 0)
      all.waiting = missing.values()
      events.onProgress(id, all.sentBytes)
      const atOnce = Math.max(1, Math.min(PARTS_AT_ONCE, missing.length))
      for (let started = 0; started < atOnce; started += 1) next(id, all)
    } catch (error) {
      if (sending.get(id) === all) failed(id, all, 0, error)
    }
  }

  return {
    start(id, file, contentType) {
      if (!needsMultipart(file.size)) return single.start(id, file, contentType)
      const nothing: number[] = []
      const all = { file, contentType, partSize: 0, waiting: nothing.values(), underWay: new Map(), sentBytes: 0 }
      sending.set(id, all)
      limit.enter(id, () => void startInParts(id, all))
    },
    cancel(id) {
      const all = sending.get(id)
      if (all) stop(id, all)
      else single.cancel(id)
    },
  }
}

/** Returns the bytes of a part, which are only read when they are sent. */
function bytesOf({ file, partSize }: Sending, partNumber: number): File {
  const start = (partNumber - 1) * partSize
  return new File([file.slice(start, start + partSize)], file.name)
}
