import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Reply } from './reply.ts'

/** Writes a reply. A body stream that fails midway destroys the socket, so a client never takes a part for the whole. */
export async function sendReply(reply: Reply, response: ServerResponse, requestId: string): Promise<void> {
  try {
    if (response.destroyed) return
    const { body, status } = reply
    response.writeHead(status, { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, ...lengthOf(reply) })
    if (body === undefined || response.req.method === 'HEAD') response.end()
    else if (typeof body === 'string' || Buffer.isBuffer(body)) response.end(body)
    else await pipeline(body, response)
  } catch (cause) {
    response.destroy()
    if (!isDisconnect(cause)) throw cause
  } finally {
    reply.release?.()
  }
}

function lengthOf({ body, headers, status }: Reply) {
  if (headers['content-length'] !== undefined || status === 204 || status === 304) return headers
  if (body === undefined) return { ...headers, 'content-length': 0 }
  if (typeof body === 'string') return { ...headers, 'content-length': Buffer.byteLength(body) }
  return Buffer.isBuffer(body) ? { ...headers, 'content-length': body.length } : headers
}

const disconnects = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR'])

export function isDisconnect(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && disconnects.has(cause.code)
}
