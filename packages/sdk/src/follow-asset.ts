import { headersOf } from './calls/call.ts'
import { networkError } from './errors.ts'
import { readEvents } from './read-events.ts'
import type { Transport } from './transport.ts'
import type { Asset } from './types.ts'

export interface FollowDeps {
  baseUrl: string
  transport: Transport
}

export interface FollowOptions {
  signal?: AbortSignal | undefined
  /** In place of the key. */
  token?: string | undefined
}

/** The service sends something every 15 s; a stream that is quiet for longer is dead. */
const QUIET_MS = 45_000

/**
 * Streams the asset after each change, until the service ends the stream: when the asset is settled, or when it restarts.
 * @throws DarkroomError, NETWORK when nothing comes in any more
 */
export async function* followAsset(
  { baseUrl, transport }: FollowDeps,
  id: string,
  { signal, token }: FollowOptions = {},
): AsyncGenerator<Asset> {
  const quiet = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => quiet.abort(), QUIET_MS)
  }
  const url = `${baseUrl}/v1/assets/${encodeURIComponent(id)}/events`
  const headers = { accept: 'text/event-stream', ...headersOf({ token }) }
  const either = signal ? AbortSignal.any([signal, quiet.signal]) : quiet.signal
  try {
    heard()
    const { body } = await transport(new Request(url, { headers, signal: either }), { isStreamed: true })
    if (!body) return
    for await (const { event, data } of readEvents(body, heard)) {
      if (event === 'asset') yield JSON.parse(data)
      if (event === 'end') return
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof Error && error.name === 'DarkroomError' ? error : networkError(url, error)
  } finally {
    clearTimeout(timer)
    quiet.abort()
  }
}
