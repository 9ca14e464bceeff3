import type { Readable } from 'node:stream'
import { appError } from '@darkroom/contracts'

/** A connection that is silent for so long is lost. */
const IDLE_MS = 60_000

/**
 * Yields the chunks of a body as they come. Does not destroy the body of which no more is read, so that its request can be answered.
 * @throws REQUEST_TIMEOUT when the client is gone, nothing came for a minute, or `end` asks to stop
 */
export async function* arrivingBytes(body: Readable, end: AbortSignal): AsyncGenerator<Buffer> {
  const stop = () => body.destroy()
  end.addEventListener('abort', stop)
  let idle = setTimeout(stop, IDLE_MS)
  try {
    end.throwIfAborted()
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      clearTimeout(idle)
      // Not while the store takes what came.
      yield chunk
      end.throwIfAborted()
      idle = setTimeout(stop, IDLE_MS)
    }
  } catch (cause) {
    throw appError('REQUEST_TIMEOUT', 'The body ended early. Continue at the offset that HEAD returns.', { cause })
  } finally {
    clearTimeout(idle)
    end.removeEventListener('abort', stop)
  }
}
