import { type Logger, silentLogger } from '@darkroom/core'
import { checkBucket } from './check-bucket.ts'
import { copyObject } from './copy-object.ts'
import { deleteAll, deleteVersion } from './delete-object.ts'
import { getObject } from './get-object.ts'
import { headObject } from './head-object.ts'
import { type InProcessObjects, inProcessCalls } from './in-process-store.ts'
import { listCurrent } from './list-current.ts'
import { listMultipartUploads, listObjects, listVersions } from './list-objects.ts'
import { abortMultipartUpload, completeMultipartUpload, createUpload, listParts, putPart } from './multipart-calls.ts'
import type { ObjectStore } from './object-store.ts'
import { createPresigner } from './presign.ts'
import { createPublicAccessCheck } from './public-access.ts'
import { purgeObject } from './purge-object.ts'
import { putObject } from './put-object.ts'
import { putStream } from './put-stream.ts'
import { createAnonymousClient, createS3Client } from './s3-client.ts'
import { resolveS3StoreConfig, type S3StoreConfig } from './s3-store-config.ts'
import { storeByBucket } from './store-by-bucket.ts'

/**
 * Creates the object store over S3: Backblaze B2 first, and any S3 that is not quite B2. `near` are the objects of that very store, when
 * it lives in this process.
 */
export function createS3Store(
  config: S3StoreConfig,
  deps: { logger?: Logger; near?: InProcessObjects } = {},
): ObjectStore {
  const { bucketKeys = {}, ...shared } = config
  const store = createOneKeyStore(shared, deps)
  const others = Object.entries(bucketKeys)
  if (others.length === 0) return store
  return storeByBucket(
    store,
    new Map(others.map(([bucket, key]) => [bucket, createOneKeyStore({ ...shared, ...key }, deps)])),
  )
}

function createOneKeyStore(config: S3StoreConfig, deps: { logger?: Logger; near?: InProcessObjects }): ObjectStore {
  const resolved = resolveS3StoreConfig(config)
  const client = createS3Client(resolved)
  const publicClient = createS3Client(resolved, resolved.publicEndpoint)
  const presigner = createPresigner(publicClient, resolved)
  const anonymousClient = createAnonymousClient(resolved)
  const context = { client, config: resolved, logger: deps.logger ?? silentLogger, knownBuckets: new Set<string>() }
  const store: ObjectStore = {
    presignPut: input => presigner.put(input),
    presignPart: input => presigner.part(input),
    presignGet: input => presigner.get(input),
    head: (ref, options) => headObject(context, ref, options),
    listCurrent: (input, options) => listCurrent(context, input, options),
    get: (ref, options) => getObject(context, ref, options),
    put: (input, options) => putObject(context, input, options),
    putStream: (input, options) => putStream(context, input, options),
    copy: (input, options) => copyObject(context, input, options),
    deleteVersion: (ref, options) => deleteVersion(context, ref, options),
    deleteAll: (ref, options) => deleteAll(context, ref, options),
    purge: (ref, options) => purgeObject(context, ref, options),
    listVersions: (input, options) => listVersions(context, input, options),
    listObjects: (input, options) => listObjects(context, input, options),
    listMultipartUploads: (input, options) => listMultipartUploads(context, input, options),
    createMultipartUpload: async ({ contentType, ...ref }, options) =>
      (await createUpload(context, { ...ref, headers: { ContentType: contentType } }, options?.signal)).uploadId,
    putPart: (input, options) => putPart(context, input, options?.signal),
    listParts: (input, options) => listParts(context, input, options?.signal),
    completeMultipartUpload: (input, options) => completeMultipartUpload(context, input, options?.signal),
    abortMultipartUpload: (input, options) => abortMultipartUpload(context, input, options?.signal),
    check: (bucket, options) => checkBucket(context, bucket, options),
    isPublic: createPublicAccessCheck(context, anonymousClient),
    close() {
      client.destroy()
      publicClient.destroy()
      anonymousClient.destroy()
    },
  }
  return deps.near ? withNear(store, deps.near, resolved.multipartThresholdBytes) : store
}

/**
 * Combines the S3 store with the in-process store. Uploads in parts, ranges, and objects pinned by their ETag alone, use S3.
 */
function withNear(store: ObjectStore, objects: InProcessObjects, multipartThresholdBytes: number): ObjectStore {
  const near = inProcessCalls(objects)
  const put: ObjectStore['put'] = (input, options) =>
    input.byteSize > multipartThresholdBytes ? store.put(input, options) : near.put(input, options)
  const copy: ObjectStore['copy'] = (input, options) =>
    input.from.versionId ? near.copy(input, options) : store.copy(input, options)
  const get: ObjectStore['get'] = (ref, options) => (ref.start ? store : near).get(ref, options)
  return { ...store, ...near, put, copy, get }
}
