import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type _Object as S3Object,
} from '@aws-sdk/client-s3'
import { bareEtag } from './etag.ts'
import type { CallOptions, ListedMultipartUpload, ListedObject, ListedVersion } from './object-store.ts'
import { realVersion } from './pin.ts'
import { attemptS3, callS3, type S3Context } from './s3-calls.ts'
import { readS3Failure, translateS3Error } from './s3-errors.ts'

interface Scope {
  bucket: string
  prefix: string
}

/** A listed version with the store's own name for it, which may be `null` spelt out. */
interface RawVersion extends ListedVersion {
  rawVersionId: string | null
}

const EPOCH = new Date(0)

/** Versions and markers under a prefix, by key; the current objects where the store does not know ListObjectVersions. */
export async function* listRawVersions(
  context: S3Context,
  scope: Scope,
  { signal }: CallOptions = {},
): AsyncGenerator<RawVersion> {
  const target = { operation: 'ListObjectVersions', bucket: scope.bucket, key: scope.prefix }
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    let page: ListObjectVersionsCommandOutput
    try {
      const command = { Bucket: scope.bucket, Prefix: scope.prefix, ...marker }
      page = await attemptS3(context, target, signal, () =>
        context.client.send(new ListObjectVersionsCommand(command), signal ? { abortSignal: signal } : {}),
      )
    } catch (error) {
      if (!knowsNoVersions(error)) throw translateS3Error(error, target, signal)
      return yield* listCurrent(context, scope, signal)
    }
    yield* toVersions(page)
    if (!page.IsTruncated) return
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

/** Tells whether a store does not know ListObjectVersions. */
export const knowsNoVersions = (error: unknown): boolean => [501, 405].includes(readS3Failure(error).status)

/** Merges versions and delete markers, which S3 lists separately: sorted by key, newest first. */
function toVersions({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): RawVersion[] {
  const versions = [
    ...Versions.map(version => ({ ...version, isDeleteMarker: false })),
    ...DeleteMarkers.map(marker => ({ ...marker, Size: 0, isDeleteMarker: true })),
  ].map(({ Key = '', VersionId, Size = 0, LastModified = EPOCH, isDeleteMarker }) => ({
    key: Key,
    versionId: realVersion(VersionId),
    rawVersionId: VersionId ?? null,
    isDeleteMarker,
    byteSize: Size,
    lastModified: LastModified,
  }))
  return versions.sort((a, b) =>
    a.key === b.key ? b.lastModified.getTime() - a.lastModified.getTime() : a.key < b.key ? -1 : 1,
  )
}

async function* listCurrent(
  context: S3Context,
  scope: Scope,
  signal: AbortSignal | undefined,
): AsyncGenerator<RawVersion> {
  for await (const { Key = '', Size = 0, LastModified = EPOCH } of listContents(context, scope, signal)) {
    yield {
      key: Key,
      versionId: null,
      rawVersionId: null,
      isDeleteMarker: false,
      byteSize: Size,
      lastModified: LastModified,
    }
  }
}

async function* listContents(
  context: S3Context,
  { bucket, prefix, after }: Scope & { after?: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<S3Object> {
  const target = { operation: 'ListObjectsV2', bucket, key: prefix }
  let token: string | undefined
  do {
    const command = { Bucket: bucket, Prefix: prefix, StartAfter: after, ContinuationToken: token }
    const page = await callS3(context, target, signal, () =>
      context.client.send(new ListObjectsV2Command(command), signal ? { abortSignal: signal } : {}),
    )
    yield* page.Contents ?? []
    token = page.NextContinuationToken
  } while (token)
}

/** Lists current objects by key, page by page. */
export async function* listObjects(
  context: S3Context,
  scope: Scope & { after?: string | undefined },
  { signal }: CallOptions = {},
): AsyncGenerator<ListedObject> {
  for await (const { Key = '', ETag = '', Size = 0 } of listContents(context, scope, signal))
    yield { key: Key, etag: bareEtag(ETag), byteSize: Size }
}

export async function* listVersions(
  context: S3Context,
  scope: Scope,
  options: CallOptions = {},
): AsyncGenerator<ListedVersion> {
  for await (const { rawVersionId: _, ...version } of listRawVersions(context, scope, options)) yield version
}

/** Lists unfinished multipart uploads under a prefix. */
export async function* listMultipartUploads(
  context: S3Context,
  { bucket, prefix }: Scope,
  { signal }: CallOptions = {},
): AsyncGenerator<ListedMultipartUpload> {
  const target = { operation: 'ListMultipartUploads', bucket, key: prefix }
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}
  for (;;) {
    const command = { Bucket: bucket, Prefix: prefix, ...marker }
    const page = await callS3(context, target, signal, () =>
      context.client.send(new ListMultipartUploadsCommand(command), signal ? { abortSignal: signal } : {}),
    )
    for (const { Key, UploadId, Initiated = EPOCH } of page.Uploads ?? []) {
      if (Key && UploadId) yield { key: Key, uploadId: UploadId, initiated: Initiated }
    }
    if (!page.IsTruncated) return
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
  }
}
