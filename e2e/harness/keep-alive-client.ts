import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate as otherEvents } from 'node:timers/promises'

export interface KeepAliveClient {
  /** Rejects when the connection breaks: nothing is tried again. */
  call(
    method: string,
    path: string,
    options?: { json?: unknown; headers?: Record<string, string> },
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>
  /** The answer while it is still coming. */
  open(path: string, headers?: Record<string, string>): Promise<IncomingMessage>
  close(): void
}

/**
 * How long a connection may be idle before it is given up. An API that stops closes those on which nothing comes for 2 s,
 * and on a busy machine a request is on its way for a while.
 */
const REUSED_WITHIN_MS = 1000

/** Creates a client with one connection at a time, which it keeps open while it has something to send and as long as the server does. */
export function keepAliveClient({ url, key }: { url: string; key: string }): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let usedAt = performance.now()

  const send: (
    method: string,
    path: string,
    options: { json?: unknown; headers?: Record<string, string> },
  ) => Promise<IncomingMessage> = async (method, path, { json, headers }) => {
    if (performance.now() - usedAt > REUSED_WITHIN_MS) agent.destroy()
    // On a busy machine the end of an idle connection may have come and not been read yet.
    for (let look = 0; look < 3; look += 1) await otherEvents()
    return new Promise((resolve, reject) => {
      const body = json === undefined ? undefined : JSON.stringify(json)
      const sent = request(new URL(path, url), {
        agent,
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      })
      sent.once('response', resolve).once('error', reject)
      sent.end(body)
    })
  }

  return {
    async call(method, path, options = {}) {
      const answer = await send(method, path, options)
      const body = await text(answer)
      usedAt = performance.now()
      return { status: answer.statusCode ?? 0, headers: answer.headers, body }
    },
    open: (path, headers = {}) => send('GET', path, { headers }),
    close: () => agent.destroy(),
  }
}
