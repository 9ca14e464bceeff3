import { once } from 'node:events'
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { Put } from '../upload/put.ts'

const CHUNK_BYTES = 256 * 1024

/** Creates a PUT over connections that are kept, which tells of each 256 kB that the socket has taken. */
export function createNodePut(): Put {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) }
  return async ({ url, headers, bytes, onSent, signal }) => {
    const isHttps = new URL(url).protocol === 'https:'
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
      method: 'PUT',
      headers: { ...headers, 'content-length': bytes.byteLength },
      agent: isHttps ? agents['https:'] : agents['http:'],
      signal,
    })
    // A store may answer before it has got everything; then there is nothing to send any more.
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    const isOver = answered.then(
      () => true,
      () => true,
    )
    let isCut = false
    for (let at = 0; at < bytes.length && !isCut; at += CHUNK_BYTES) {
      const isTaken = outgoing.write(bytes.subarray(at, at + CHUNK_BYTES))
      isCut = !isTaken && (await Promise.race([drained(outgoing, signal), isOver]))
      if (!isCut) onSent(Math.min(bytes.length, at + CHUNK_BYTES))
    }
    if (!isCut) outgoing.end()
    const [answer] = await answered
    answer.resume()
    await once(answer, 'end')
    // What it has not got of this request it would take for the next one.
    if (isCut) outgoing.destroy()
    return { status: answer.statusCode ?? 0, retryAfterSec: Number(answer.headers['retry-after']) || null }
  }
}

const drained = (outgoing: ClientRequest, signal: AbortSignal): Promise<boolean> =>
  once(outgoing, 'drain', { signal }).then(() => false)
