import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AppError } from '@darkroom/core'
import { checkBodySize, withRange } from './body-source.ts'
import { storeNotFound, storeProtocol, type Target } from './errors.ts'
import { bareEtag, md5OfEtag } from './etag.ts'
import { checkedBody } from './get-object.ts'
import type { ObjectStore, Pin, PutInput } from './object-store.ts'
import { translateS3Error } from './s3-errors.ts'

interface Name {
  bucket: string
  key: string
}

interface InProcessVersion extends Pin {
  byteSize: number
  contentType: string | null
  lastModified: Date
}

/** The objects of a store that lives in this process. What it refuses are errors with S3's `code` and `status`. */
export interface InProcessObjects {
  put(to: Name & { headers: Record<string, string> }, chunks: AsyncIterable<Buffer>): Promise<InProcessVersion>
  copy(
    from: Name & { versionId: string | undefined },
    to: Name & { headers: Record<string, string> },
  ): Promise<InProcessVersion>
  open(from: Name & { versionId: string | undefined }): {
    version: InProcessVersion
    chunks: AsyncIterable<Buffer>
    release(): void
  }
  remove(from: Name & { versionId: string | undefined }): Promise<void>
}

/** The calls that move bytes, and the deletes that follow them: what a job does with each of its files. */
type InProcessCalls = Pick<ObjectStore, 'put' | 'get' | 'copy' | 'deleteVersion'>

/**
 * Returns these calls without HTTP, for a store in this process: requests to oneself were a quarter of all that `darkroom start` needs
 * for a photo besides decoding and encoding it (docs/decisions/0064). Presigned URLs and all else go over S3 as ever.
 */
export function inProcessCalls(objects: InProcessObjects): InProcessCalls {
  return {
    async put(input, { signal } = {}) {
      const { body, byteSize } = input
      await checkBodySize(body, byteSize)
      return translated({ operation: 'PutObject', ...nameOf(input) }, signal, target =>
        withRange(body, { start: 0, length: byteSize }, signal, async (source, abort) =>
          toPin(await objects.put({ ...target, headers: headersOf(input) }, checked(source, input, target, abort))),
        ),
      )
    },
    get: ({ etag, ...ref }, { signal } = {}) =>
      translated({ operation: 'GetObject', ...nameOf(ref) }, signal, target => {
        const { version, chunks, release } = objects.open(versionOf(ref))
        if (etag && version.etag !== bareEtag(etag)) {
          release()
          throw storeNotFound(target, 'the object has other bytes than the pinned ones')
        }
        const source = Readable.from(answered(chunks), { objectMode: false, ...(signal && { signal }) })
        source.once('close', release)
        const body = checkedBody(source, target, version.byteSize, signal)
        return { body, head: version, md5: md5OfEtag(version.etag) }
      }),
    copy: (input, { signal } = {}) =>
      translated({ operation: 'CopyObject', ...input.to }, signal, async () =>
        toPin(await objects.copy(versionOf(input.from), { ...input.to, headers: headersOf(input) })),
      ),
    deleteVersion: (ref, { signal } = {}) =>
      translated({ operation: 'DeleteObject', ...nameOf(ref) }, signal, () => objects.remove(versionOf(ref))),
  }
}

const nameOf = ({ bucket, key }: Name): Name => ({ bucket, key })
const versionOf = ({ bucket, key, versionId }: Name & { versionId?: string | null | undefined }) => ({
  bucket,
  key,
  versionId: versionId ?? undefined,
})
const toPin = ({ versionId, etag }: Pin): Pin => ({ versionId, etag })

type Stored = Pick<PutInput, 'contentType' | 'cacheControl' | 'contentDisposition'>

const headersOf = ({ contentType, cacheControl, contentDisposition }: Stored): Record<string, string> => ({
  'content-type': contentType,
  ...(cacheControl !== undefined && { 'cache-control': cacheControl }),
  ...(contentDisposition !== undefined && { 'content-disposition': contentDisposition }),
})

async function translated<T>(
  target: Target & Name,
  signal: AbortSignal | undefined,
  call: (target: Target & Name) => T | Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted()
    return await call(target)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw error instanceof AppError ? error : translateS3Error(asAnswered(error), target)
  }
}

/**
 * Converts an error to what an S3 client sees: the code of a refusal, or 500 for anything else, such as a full disk.
 */
function asAnswered(cause: unknown): Error {
  const { code = 'InternalError', status = 500 } = cause as { code?: string; status?: number }
  return Object.assign(new Error(String(cause), { cause }), { code, $metadata: { httpStatusCode: status } })
}

/** Streams chunks. An unreadable blob is an error of the store, like a broken connection. */
async function* answered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    throw asAnswered(error)
  }
}

/** Streams the body as it is written, and fails at the end unless size and hash are those that were promised. */
async function* checked(
  body: Buffer | Readable,
  { byteSize, sha256 }: Pick<PutInput, 'byteSize' | 'sha256'>,
  target: Target,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const hash = sha256 === undefined ? undefined : createHash('sha256')
  let length = 0
  for await (const chunk of Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer>)) {
    signal?.throwIfAborted()
    hash?.update(chunk)
    length += chunk.length
    yield chunk
  }
  if (length !== byteSize) throw storeProtocol(target, `the body has ${length} bytes, not the declared ${byteSize}`)
  if (hash && hash.digest('hex') !== sha256) throw storeProtocol(target, 'the body has another SHA-256 than declared')
}
