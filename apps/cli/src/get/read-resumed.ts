import { setTimeout as sleep } from 'node:timers/promises'
import { DarkroomError } from '@darkroom/sdk'
import { CommandError, EXIT } from '../exit-codes.ts'
import { isPassing } from '../sdk-client.ts'

/** A connection on which nothing arrives for so long is begun again. */
const STALL_MS = 30_000
/** So often without a single byte in between, the download is given up. */
const MAX_ATTEMPTS = 6
const MAX_WAIT_MS = 15_000

interface Options {
  /** Asks for the file from a byte on, over a connection of its own. */
  open(from: number, signal: AbortSignal): Promise<Response>
  /** The first byte that is wanted. */
  from: number
  /** Whether each answer may have other bytes, such as a playlist with signed URLs in it: then a lost connection begins at the first one again. */
  isWrittenAnew?: boolean
  /** Whether the hash of the whole is compared afterwards, so that bytes of another file are found out without an ETag. */
  isVerified: boolean
  signal: AbortSignal
}

/** Another file has taken the place of the one of which bytes have arrived. */
export class FileReplaced extends CommandError {
  constructor() {
    super('The file was replaced while it was downloaded. Run the same command again.', EXIT.unreachable)
  }
}

/**
 * Reads a file of the store from a byte on to its end, over connections that may break: each time it goes on where it was.
 * @throws FileReplaced rather than going on with the bytes of another version
 */
export async function* readResumed(options: Options): AsyncGenerator<Uint8Array> {
  const { open, from, isWrittenAnew = false, isVerified, signal } = options
  const checkVersion = createVersionCheck(isVerified)
  let position = from
  for (let attempt = 1; ; attempt += 1) {
    try {
      // It is text of some kB.
      if (isWrittenAnew) return yield await readWhole(open, signal)
      for await (const chunk of readFrom(open, position, { signal, checkVersion })) {
        position += chunk.length
        attempt = 0
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      if (isFinal(error)) throw error
      if (attempt >= MAX_ATTEMPTS) throw lost(error)
      await sleep(Math.min(MAX_WAIT_MS, 500 * 2 ** attempt), undefined, { signal })
    }
  }
}

/** What the API says of the asset is final. A store that refuses a URL may take a fresh one. */
const isFinal = (error: unknown): boolean =>
  error instanceof FileReplaced ||
  (error instanceof DarkroomError && error.code !== 'STORE_REFUSED' && !isPassing(error))

/** Creates what compares the version of each answer with that of the first. */
function createVersionCheck(isVerified: boolean): (answer: Response) => void {
  let first: string | null | undefined
  return ({ headers }) => {
    const etag = headers.get('etag')
    const isSame = first === undefined || (etag === first && (etag !== null || isVerified))
    first = etag
    if (!isSame) throw new FileReplaced()
  }
}

async function readWhole(open: Options['open'], signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readFrom(open, 0, { signal, checkVersion: () => undefined })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const lost = (cause: unknown) =>
  new CommandError(
    'The connection was lost. What has arrived is kept: run the same command again to go on.',
    EXIT.unreachable,
    { cause },
  )

interface Reading {
  signal: AbortSignal
  checkVersion(answer: Response): void
}

async function* readFrom(open: Options['open'], position: number, { signal, checkVersion }: Reading) {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new Error('nothing arrives')), STALL_MS)
  try {
    const answer = await open(position, AbortSignal.any([signal, stalled.signal])).catch(ofNothingLeft)
    if (!answer?.body) return
    checkVersion(answer)
    let skip = answer.status === 206 ? 0 : position
    for await (const chunk of answer.body) {
      timer.refresh()
      const rest = chunk.subarray(skip)
      skip -= chunk.length - rest.length
      if (rest.length > 0) yield rest
    }
  } finally {
    clearTimeout(timer)
    // What is not read to its end would keep the connection, and the process.
    stalled.abort()
  }
}

/** Beyond the last byte there is nothing, which is no failure. */
function ofNothingLeft(error: unknown): null {
  if (error instanceof DarkroomError && error.status === 416) return null
  throw error
}
