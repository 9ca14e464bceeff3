import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3'
import { readS3Failure } from '../s3-errors.ts'
import type { ProvisioningClient } from './provisioning-client.ts'

async function bucketExists(client: ProvisioningClient, bucket: string): Promise<boolean> {
  return client.call({ operation: 'HeadBucket', bucket }, s3 =>
    s3.send(new HeadBucketCommand({ Bucket: bucket })).then(
      () => true,
      (error: unknown) => {
        if (readS3Failure(error).status === 404) return false
        throw error
      },
    ),
  )
}

/** Creates the bucket, private unless told otherwise, and answers whether it had to. A bucket that exists is left as it is. */
export async function createBucketIfMissing(
  client: ProvisioningClient,
  { bucket, access = 'private' }: { bucket: string; access?: 'private' | 'public' | undefined },
): Promise<boolean> {
  if (await bucketExists(client, bucket)) return false
  const command = new CreateBucketCommand({ Bucket: bucket, ...(access === 'public' ? { ACL: 'public-read' } : {}) })
  await client.call({ operation: 'CreateBucket', bucket }, s3 => s3.send(command))
  return true
}
