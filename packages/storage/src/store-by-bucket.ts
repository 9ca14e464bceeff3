import { copyUnsupported } from './errors.ts'
import type { ObjectStore } from './object-store.ts'

/**
 * Joins stores whose keys are restricted to a bucket each into one: every call goes to the store of its bucket, or else to `fallback`.
 * A copy from one to the other, which no key may do, is refused as `isCopyUnsupported` knows, and the caller uploads the bytes instead.
 */
export function storeByBucket(fallback: ObjectStore, byBucket: ReadonlyMap<string, ObjectStore>): ObjectStore {
  const of = (bucket: string): ObjectStore => byBucket.get(bucket) ?? fallback
  return {
    presignPut: input => of(input.bucket).presignPut(input),
    presignPart: input => of(input.bucket).presignPart(input),
    presignGet: input => of(input.bucket).presignGet(input),
    head: (ref, options) => of(ref.bucket).head(ref, options),
    listCurrent: (input, options) => of(input.bucket).listCurrent(input, options),
    get: (ref, options) => of(ref.bucket).get(ref, options),
    put: (input, options) => of(input.bucket).put(input, options),
    putStream: (input, options) => of(input.bucket).putStream(input, options),
    copy: async (input, options) => {
      const store = of(input.to.bucket)
      if (of(input.from.bucket) === store) return store.copy(input, options)
      throw copyUnsupported({ operation: 'CopyObject', ...input.to }, 'the buckets have a key each')
    },
    deleteVersion: (ref, options) => of(ref.bucket).deleteVersion(ref, options),
    deleteAll: (ref, options) => of(ref.bucket).deleteAll(ref, options),
    purge: (ref, options) => of(ref.bucket).purge(ref, options),
    listVersions: (input, options) => of(input.bucket).listVersions(input, options),
    listObjects: (input, options) => of(input.bucket).listObjects(input, options),
    listMultipartUploads: (input, options) => of(input.bucket).listMultipartUploads(input, options),
    createMultipartUpload: (input, options) => of(input.bucket).createMultipartUpload(input, options),
    putPart: (input, options) => of(input.bucket).putPart(input, options),
    listParts: (input, options) => of(input.bucket).listParts(input, options),
    completeMultipartUpload: (input, options) => of(input.bucket).completeMultipartUpload(input, options),
    abortMultipartUpload: (input, options) => of(input.bucket).abortMultipartUpload(input, options),
    check: (bucket, options) => of(bucket).check(bucket, options),
    isPublic: (bucket, options) => of(bucket).isPublic(bucket, options),
    close() {
      for (const store of new Set([fallback, ...byBucket.values()])) store.close()
    },
  }
}
