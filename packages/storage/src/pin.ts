import { bareEtag } from './etag.ts'
import type { ObjectHead, Pin } from './object-store.ts'

/** Returns a version id, or null where there is none. `null` is what S3 calls the only version of an unversioned bucket: a name that pins nothing. */
export const realVersion = (versionId: string | undefined | null): string | null =>
  !versionId || versionId === 'null' ? null : versionId

export const toPin = (answer: { VersionId?: string | undefined; ETag?: string | undefined }): Pin => ({
  versionId: realVersion(answer.VersionId),
  etag: bareEtag(answer.ETag ?? ''),
})

export const toHead = (answer: {
  VersionId?: string | undefined
  ETag?: string | undefined
  ContentLength?: number | undefined
  ContentType?: string | undefined
  LastModified?: Date | undefined
}): ObjectHead => ({
  ...toPin(answer),
  byteSize: answer.ContentLength ?? 0,
  contentType: answer.ContentType ?? null,
  lastModified: answer.LastModified ?? null,
})
