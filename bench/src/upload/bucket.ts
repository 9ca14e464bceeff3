import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3'

export interface Stored {
  count: number
  bytes: number
}

/** Removes everything from a bucket, page by page. @returns what was in it */
export async function emptyBucket(s3: S3Client, Bucket: string): Promise<Stored> {
  const stored: Stored = { count: 0, bytes: 0 }
  for (;;) {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    if (Versions.length === 0) return stored
    stored.count += Versions.length
    stored.bytes += Versions.reduce((sum, { Size = 0 }) => sum + Size, 0)
    const Objects = Versions.map(({ Key = '', VersionId }) => ({ Key, VersionId }))
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
    if (Errors[0]) throw new Error(`${Errors[0].Key} cannot be deleted: ${Errors[0].Message}`)
  }
}
