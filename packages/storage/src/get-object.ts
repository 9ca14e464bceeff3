import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { storeNotFound, storeProtocol, storeUnavailable, type Target } from './errors.ts'
import { bareEtag, md5OfEtag, quotedEtag } from './etag.ts'
import type { CallOptions, ObjectHead, ObjectRef } from './object-store.ts'
import { toHead } from './pin.ts'
import { callS3, type S3Context } from './s3-calls.ts'
import { translateS3Error } from './s3-errors.ts'

/** Passes the bytes on, counts them, and turns every way of breaking off into an `AppError`. */
class CheckedBody extends Transform {
  readonly #target: Target
  readonly #signal: AbortSignal | undefined
  #missing: number

  constructor(target: Target, byteSize: number, signal: AbortSignal | undefined) {
    super()
    this.#target = target
    this.#missing = byteSize
    this.#signal = signal
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#missing -= chunk.byteLength
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    done(this.#missing === 0 ? null : storeUnavailable(this.#target, `the body is off by ${this.#missing} bytes`))
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error && (translateS3Error(error, this.#target, this.#signal) as Error))
  }
}

const ignore = (): void => undefined

/** Returns the body as its reader gets it, who also gets the error when it breaks off. */
export const checkedBody = (
  source: Readable,
  target: Target,
  byteSize: number,
  signal: AbortSignal | undefined,
): Readable => pipeline(source, new CheckedBody(target, byteSize, signal), ignore)

/** Streams that version or, without one, the object while it has that ETag. */
export async function getObject(
  context: S3Context,
  { bucket, key, versionId, etag, start = 0 }: ObjectRef & { etag?: string | undefined; start?: number | undefined },
  { signal }: CallOptions = {},
): Promise<{ body: Readable; head: ObjectHead; md5: string | null }> {
  const target = { operation: 'GetObject', bucket, key }
  const input = {
    Bucket: bucket,
    Key: key,
    VersionId: versionId ?? undefined,
    IfMatch: etag && !versionId ? quotedEtag(etag) : undefined,
    Range: start > 0 ? `bytes=${start}-` : undefined,
  }
  const answer = await callS3(context, target, signal, () =>
    context.client.send(new GetObjectCommand(input), signal ? { abortSignal: signal } : {}),
  )
  const head = toHead(answer)
  const source = answer.Body as Readable
  if (etag && head.etag !== bareEtag(etag)) {
    source.destroy()
    throw storeNotFound(target, 'the object has other bytes than the pinned ones')
  }
  if (start > 0 && !answer.ContentRange?.startsWith(`bytes ${start}-`)) {
    source.destroy()
    throw storeProtocol(target, 'the answer is not the range that was asked for')
  }
  return { body: checkedBody(source, target, head.byteSize, signal), head, md5: md5OfEtag(head.etag) }
}
