import { S3Error, s3Error } from '../errors.ts'
import { renderXml, type XmlElement } from '../xml.ts'
import type { S3Request } from './s3-request.ts'

export type ReplyHeaders = Record<string, string | number>

/** An answer before it is written: operations return it, CORS and faults may change it, `send.ts` writes it. */
export interface Reply {
  status: number
  headers: ReplyHeaders
  body?: string | Buffer | AsyncIterable<Buffer>
  /** Called once, when the body was sent or the client left. */
  release?: () => void
}

export function emptyReply(status: number, headers: ReplyHeaders = {}): Reply {
  return { status, headers }
}

export function xmlReply(root: XmlElement, headers: ReplyHeaders = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: renderXml(root) }
}

/** Returns B2's error document; a HEAD gets the status alone, and a 304 has no body. Unknown failures become InternalError. */
export function errorReply(cause: unknown, request: Pick<S3Request, 'id' | 'method' | 'path'>): Reply {
  const error = cause instanceof S3Error ? cause : s3Error('InternalError')
  const headers: ReplyHeaders = { ...error.headers }
  if (request.method === 'HEAD') return { status: error.status, headers }
  const root: XmlElement = [
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
      ['Resource', request.path],
      ['RequestId', request.id],
    ],
  ]
  headers['content-type'] = 'application/xml'
  return { status: error.status, headers, body: renderXml(root, { namespace: false }) }
}
