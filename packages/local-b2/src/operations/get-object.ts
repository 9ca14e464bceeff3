import { S3Error, s3Error } from '../errors.ts'
import { emptyReply, type Reply, type ReplyHeaders } from '../http/reply.ts'
import { sliceSegments } from '../store/blob-references.ts'
import type { Version } from '../store/versions.ts'
import { type Call, type Operation, requireBucket, requireKey } from './call.ts'
import { evaluateConditions } from './conditions.ts'
import { findVersion } from './find-version.ts'
import { type ByteRange, parseRange } from './range.ts'
import { overriddenHeaders } from './stored-headers.ts'

interface Answer {
  version: Version
  status: 200 | 206 | 304
  headers: ReplyHeaders
  range: ByteRange
}

/**
 * Returns the requested range; none when `If-Range` has the tag or date of another version, which asks for the whole
 * object.
 */
function rangeHeader({ request }: Call, version: Version): string | undefined {
  const ifRange = request.header('if-range')
  const range = request.header('range')
  if (ifRange === undefined) return range
  const isSame = ifRange.replaceAll('"', '') === version.etag || Date.parse(ifRange) >= version.createdAt
  return isSame ? range : undefined
}

function answer(call: Call): Answer {
  const { request } = call
  const version = findVersion(call, requireBucket(call), requireKey(call), request.query.get('versionId'))
  const outcome = evaluateConditions(
    {
      ifMatch: request.header('if-match'),
      ifNoneMatch: request.header('if-none-match'),
      ifModifiedSince: request.header('if-modified-since'),
      ifUnmodifiedSince: request.header('if-unmodified-since'),
    },
    version,
  )
  if (outcome === 'failed') throw s3Error('PreconditionFailed')
  const headers: ReplyHeaders = {
    ...version.headers,
    ...overriddenHeaders(request, call.identity.kind === 'key'),
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.createdAt).toUTCString(),
    'x-amz-version-id': version.versionId,
  }
  const whole: ByteRange = { start: 0, length: version.size }
  if (outcome === 'unchanged') return { version, status: 304, headers, range: { start: 0, length: 0 } }
  const range = parseRange(rangeHeader(call, version), version.size)
  if (range === 'unsatisfiable') {
    throw s3Error('InvalidRange', undefined, { 'content-range': `bytes */${version.size}` })
  }
  headers['content-length'] = (range ?? whole).length
  if (!range) return { version, status: 200, headers, range: whole }
  headers['content-range'] = `bytes ${range.start}-${range.start + range.length - 1}/${version.size}`
  return { version, status: 206, headers, range }
}

export const headObject: Operation = call => {
  const { status, headers } = answer(call)
  return emptyReply(status, headers)
}

/**
 * Answers a request. The answer for a missing object also says in a header when the disk is full, because clients check
 * the store with such a request.
 */
async function answerOrFullness(call: Call): Promise<Answer> {
  try {
    return answer(call)
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchKey' && (await call.store.isFull()))
      throw s3Error(error.code, error.message, { ...error.headers, 'x-local-b2-full': 'true' })
    throw error
  }
}

/** Up to here a body is read before it is sent, in one write with its head. */
const smallBodyBytes = 64 * 1024

export const getObject: Operation = async (call): Promise<Reply> => {
  const { version, status, headers, range } = await answerOrFullness(call)
  if (range.length === 0) return { status, headers }
  const { chunks, release } = call.store.blobs.read(sliceSegments(version.segments, range.start, range.length))
  if (range.length > smallBodyBytes) return { status, headers, body: chunks, release }
  try {
    const read: Buffer[] = []
    for await (const chunk of chunks) read.push(chunk)
    return { status, headers, body: Buffer.concat(read) }
  } finally {
    release()
  }
}
