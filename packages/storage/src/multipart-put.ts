import { UploadPartCommand } from '@aws-sdk/client-s3'
import { withRange } from './body-source.ts'
import { runMultipart } from './multipart.ts'
import type { Pin, PutInput } from './object-store.ts'
import type { S3Context } from './s3-calls.ts'
import { storedHeaders } from './stored-headers.ts'

/** Uploads a large body in parts, each read from its place in the body. */
export function putInParts(context: S3Context, input: PutInput, signal: AbortSignal | undefined): Promise<Pin> {
  const { bucket, key, byteSize, body: source } = input
  return runMultipart(
    context,
    {
      bucket,
      key,
      byteSize,
      headers: storedHeaders(input),
      sendPart: (part, uploadId, partSignal) =>
        withRange(source, part, partSignal, async (body, abortSignal) => {
          const command = new UploadPartCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            PartNumber: part.number,
            Body: body,
            ContentLength: part.length,
          })
          return (await context.client.send(command, abortSignal ? { abortSignal } : {})).ETag
        }),
    },
    signal,
  )
}
