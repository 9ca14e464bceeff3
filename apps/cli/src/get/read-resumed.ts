import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, EXIT } from '../exit-codes.ts'

/** A connection on which nothing arrives for so long is begun again. */
const STALL_MS = 30_000
/** So often without a single byte in between, the download is given up. */
const MAX_ATTEMPTS = 6
const MAX_WAIT_MS = 15_000

interface Options {
  /** Returns a URL that works for some minutes, without a key. */
  sign(): Promise<string>
  /** The first byte that is wanted. */
  from: number
  /** Whether each URL may lead to other bytes, such as a playlist with signed URLs in it: then a lost connection begins at the first one again. */
  isWrittenAnew?: boolean
  signal: AbortSignal
}

/** Reads a file of the store from a byte on to its end, over connections that may break: each time it goes on where it was, by a fresh URL. */
export async function* readResumed({ sign, from, isWrittenAnew = false, signal }: Options): AsyncGenerator<Uint8Array> {
  let position = from
  for (let attempt = 1; ; attempt += 1) {
    try {
      // It is text of some kB.
      if (isWrittenAnew) return yield await readWhole(await sign(), signal)
      for await (const chunk of readFrom(await sign(), position, signal)) {
        position += chunk.length
        attempt = 0
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      // What the API says of the asset is final.
      if (error instanceof CommandError && error.exitCode !== EXIT.unreachable) throw error
      if (attempt >= MAX_ATTEMPTS) throw lost(error)
      await sleep(Math.min(MAX_WAIT_MS, 500 * 2 ** attempt), undefined, { signal })
    }
  }
}

async function readWhole(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readFrom(url, 0, signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const lost = (cause: unknown) =>
  new CommandError(
    'The connection was lost. What has arrived is kept: run the same command again to go on.',
    EXIT.unreachable,
    {
      cause,
    },
  )

async function* readFrom(url: string, position: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new Error('nothing arrives')), STALL_MS)
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, stalled.signal]),
      headers: {
        // The bytes of the file itself, not of a compressed form.
        'accept-encoding': 'identity',
        ...(position > 0 && { range: `bytes=${position}-` }),
      },
    })
    // Nothing is left beyond the last byte.
    if (response.status === 416) return await response.body?.cancel()
    if (!response.ok || response.body === null) throw new Error(`the store answered ${response.status}`)
    let skip = response.status === 206 ? 0 : position
    for await (const chunk of response.body) {
      timer.refresh()
      const rest = chunk.subarray(skip)
      skip -= chunk.length - rest.length
      if (rest.length > 0) yield rest
    }
  } finally {
    clearTimeout(timer)
  }
}
