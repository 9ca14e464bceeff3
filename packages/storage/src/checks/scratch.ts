import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3'
import { newId } from '@darkroom/core'
import { bareEtag } from '../etag.ts'
import type { ObjectStore } from '../object-store.ts'
import { rootFailure } from './failure-reasons.ts'

/** Everything that checks store lies below it. */
export const SCRATCH_PREFIX = 'doctor/'
const ABANDONED_MS = 3_600_000

export interface ScratchObject {
  bucket: string
  key: string
  versionId: string | null
  etag: string
}

/** Objects of one run of the checks. */
export interface Scratch {
  keyOf(name: string): string
  put(
    bucket: string,
    name: string,
    body: string | Buffer,
    more?: Partial<PutObjectCommandInput>,
  ): Promise<ScratchObject>
  /** Deletes all of it, and what a killed run left more than an hour ago. @returns how many versions could not be deleted */
  cleanUp(): Promise<number>
}

export function createScratch(store: ObjectStore, clientOf: (bucket: string) => S3Client, buckets: string[]): Scratch {
  const prefix = `${SCRATCH_PREFIX}${newId()}/`
  const used = new Set<string>()
  return {
    keyOf: name => `${prefix}${name}`,
    async put(bucket, name, body, more = {}) {
      const key = `${prefix}${name}`
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'text/plain', ...more })
      const { VersionId, ETag = '' } = await clientOf(bucket).send(command)
      used.add(`${bucket}/${key}`)
      return { bucket, key, versionId: VersionId ?? null, etag: bareEtag(ETag) }
    },
    async cleanUp() {
      let left = 0
      for (const bucket of buckets) {
        const before = left
        try {
          left += await deleteBelow(store, bucket, prefix)
        } catch (error) {
          const { status } = rootFailure(error)
          if (status !== 401 && status !== 403) throw error
          left = before + [...used].filter(place => place.startsWith(`${bucket}/`)).length
        }
      }
      return left
    },
  }
}

async function deleteBelow(store: ObjectStore, bucket: string, own: string): Promise<number> {
  const isOurs = (key: string, since: Date) => key.startsWith(own) || Date.now() - since.getTime() > ABANDONED_MS
  let left = 0
  for await (const { key, versionId, lastModified } of store.listVersions({ bucket, prefix: SCRATCH_PREFIX })) {
    if (!isOurs(key, lastModified)) continue
    await store.deleteVersion({ bucket, key, versionId }).catch(() => {
      left += 1
    })
  }
  await abortBelow(store, bucket, isOurs).catch(error => {
    // A store without this call has no uploads in parts either.
    if (![501, 405].includes(rootFailure(error).status)) throw error
  })
  return left
}

async function abortBelow(
  store: ObjectStore,
  bucket: string,
  isOurs: (key: string, since: Date) => boolean,
): Promise<void> {
  for await (const { key, uploadId, initiated } of store.listMultipartUploads({ bucket, prefix: SCRATCH_PREFIX }))
    if (isOurs(key, initiated)) await store.abortMultipartUpload({ bucket, key, uploadId })
}
