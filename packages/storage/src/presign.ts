import { GetObjectCommand, PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { PresignGetInput, PresignPartInput, PresignPutInput } from './object-store.ts'

/** The AWS presigner signs no content type unless told: without this an "image/png" URL takes `text/html` (`b2.md` 3.2). */
const SIGNED_HEADERS = ['host', 'content-type', 'content-length']

/** A URL for one PUT of exactly this type and length. The length header is set by whatever sends the body. */
export async function presignPut(
  client: S3Client,
  input: PresignPutInput,
): Promise<{ url: string; headers: Record<string, string> }> {
  const command = new PutObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    ContentType: input.contentType,
    ContentLength: input.byteSize,
  })
  const url = await getSignedUrl(client, command, {
    expiresIn: input.expiresInSec,
    signableHeaders: new Set(SIGNED_HEADERS),
  })
  return { url, headers: { 'content-type': input.contentType } }
}

/** The SDK would sign a content type of its own making; that of the object was given when the upload was opened. */
const SIGNED_PART_HEADERS = ['host', 'content-length']

/** A URL for one PUT of this part of exactly this length; as often as one likes until the upload is put together. */
export function presignPart(client: S3Client, input: PresignPartInput): Promise<string> {
  const command = new UploadPartCommand({
    Bucket: input.bucket,
    Key: input.key,
    UploadId: input.uploadId,
    PartNumber: input.partNumber,
    ContentLength: input.byteSize,
  })
  return getSignedUrl(client, command, {
    expiresIn: input.expiresInSec,
    signableHeaders: new Set(SIGNED_PART_HEADERS),
  })
}

export function presignGet(client: S3Client, input: PresignGetInput): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    VersionId: input.versionId ?? undefined,
    ResponseContentType: input.responseContentType,
    ResponseContentDisposition: input.responseContentDisposition,
  })
  return getSignedUrl(client, command, { expiresIn: input.expiresInSec })
}
