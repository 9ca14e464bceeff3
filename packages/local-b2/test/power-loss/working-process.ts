// Does the steps of `workload.ts` in the folder of its argument, and says which were acknowledged.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { PROMISED } from '@darkroom/testing'
import { startLocalB2 } from '../../src/index.ts'
import { makeClient } from '../start-store.ts'
import { BUCKET as Bucket, bytesOf, LIVES, type Step } from './workload.ts'

const dataDir = join(process.argv[2] ?? '', 'new', 'data')

async function multipart(client: S3Client, Key: string, Body: Buffer): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }))
}

/** Removes an object permanently, with all versions. */
async function remove(client: S3Client, Key: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: Key }),
  )
  // The newest last, or the one before it would show in between.
  for (const { VersionId } of [...Versions, ...DeleteMarkers].reverse())
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
}

async function take(client: S3Client, step: Step): Promise<void> {
  const { type, key: Key } = step
  if (type === 'put') await client.send(new PutObjectCommand({ Bucket, Key, Body: bytesOf(step.body, step.byteSize) }))
  else if (type === 'multipart') await multipart(client, Key, bytesOf(step.body, step.byteSize))
  else if (type === 'copy')
    await client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${step.from}` }))
  else if (type === 'hide') await client.send(new DeleteObjectCommand({ Bucket, Key }))
  else await remove(client, Key)
}

for (const [life, groups] of LIVES.entries()) {
  const store = await startLocalB2({ dataDir, buckets: [{ name: Bucket, access: 'private' }] })
  const client = makeClient(store.url, { maxAttempts: 1 })
  for (const [at, steps] of groups.entries()) {
    const taken = steps.map(async (step, index) => {
      await take(client, step)
      existsSync(`${PROMISED}${life}/${at}/${index}`)
    })
    await Promise.all(taken)
  }
  client.destroy()
  if (life < LIVES.length - 1) await store.close()
}
process.kill(process.pid, 'SIGKILL')
