import type { Socket } from 'node:net'
import { ERRORS, type ErrorCode } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { problemOf } from './problem.ts'

/** https://nodejs.org/api/http.html#event-clienterror */
const CODES: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** Returns what answers a request that could not even be read: a problem as well, and the end of the connection. */
export const clientErrorHandler =
  (docsUrl: () => string) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    // Nobody is there any more.
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const code = CODES[error.code ?? ''] ?? 'INVALID_REQUEST'
    const requestId = newId()
    const body = JSON.stringify(problemOf({ code, detail: ERRORS[code].owner, requestId, docsUrl: docsUrl() }))
    const head = [
      `HTTP/1.1 ${ERRORS[code].status} ${ERRORS[code].title}`,
      'content-type: application/problem+json; charset=utf-8',
      'cache-control: no-store',
      `x-request-id: ${requestId}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
