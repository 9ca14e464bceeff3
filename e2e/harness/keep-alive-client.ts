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

/** Creates a client with one connection at a time, which it keeps open as long as the server does. */
export function keepAliveClient({ url, key }: { url: string; key: string }): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  const send: (
    method: string,
    path: string,
    options: { json?: unknown; headers?: Record<string, string> },
  ) => Promise<IncomingMessage> = async (method, path, { json, headers }) => {
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
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
    },
    open: (path, headers = {}) => send('GET', path, { headers }),
    close: () => agent.destroy(),
  }
}
