import { PutObjectCommand } from '@aws-sdk/client-s3'
import { type BodySource, checkBodySize, withRange } from './body-source.ts'
import { putInParts } from './multipart-put.ts'
import type { CallOptions, Pin, PutInput } from './object-store.ts'
import { toPin } from './pin.ts'
import { pruneOtherVersions } from './prune-versions.ts'
import { callS3, type S3Context } from './s3-calls.ts'
import { storedHeaders } from './stored-headers.ts'

function putCommand(input: PutInput, body: Exclude<BodySource, { file: string }> | NodeJS.ReadableStream) {
  const command = new PutObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    Body: body as Buffer,
    ContentLength: input.byteSize,
    ...storedHeaders(input),
  })
  // A file is never hashed here; a buffer only where the caller has no digest of it.
  const sha256 = input.sha256 ?? (Buffer.isBuffer(input.body) ? undefined : 'UNSIGNED-PAYLOAD')
  if (sha256 !== undefined) {
    command.middlewareStack.add(
      next => args => {
        const { headers } = args.request as { headers: Record<string, string> }
        headers['x-amz-content-sha256'] = sha256
        return next(args)
      },
      { step: 'build', name: 'knownPayloadHash' },
    )
  }
  return command
}

/**
 * Puts an object by one PUT, or parts above the threshold. Every attempt reads the body anew; memory does not grow with a file. A key has one
 * writer, so versions of attempts whose answer was lost are deleted.
 */
export async function putObject(context: S3Context, input: PutInput, { signal }: CallOptions = {}): Promise<Pin> {
  await checkBodySize(input.body, input.byteSize)
  if (input.byteSize > context.config.multipartThresholdBytes) return putInParts(context, input, signal)
  const target = { operation: 'PutObject', bucket: input.bucket, key: input.key }
  const range = { start: 0, length: input.byteSize }
  let attempts = 0
  const pin = await callS3(context, target, signal, async () => {
    attempts += 1
    return withRange(input.body, range, signal, async (body, abortSignal) =>
      toPin(await context.client.send(putCommand(input, body), abortSignal ? { abortSignal } : {})),
    )
  })
  // The answer that was lost may have been a success, which left a version that nobody knows of.
  if (attempts > 1) await pruneOtherVersions(context, input, pin)
  return pin
}
