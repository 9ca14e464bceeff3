import type { Readable } from 'node:stream'

/** Where an object lives; with a `versionId`, one version of it. */
export interface ObjectRef {
  bucket: string
  key: string
  versionId?: string | null | undefined
}

/** Which bytes exactly: the version, or the ETag (without quotes) where a store keeps no versions. */
export interface Pin {
  versionId: string | null
  etag: string
}

export interface ObjectHead extends Pin {
  byteSize: number
  contentType: string | null
  lastModified: Date | null
}

/** The current version of an object, without what only its head tells. */
export type CurrentObject = Omit<ObjectHead, 'contentType'>

export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  signal?: AbortSignal | undefined
}

export interface PresignPutInput {
  bucket: string
  key: string
  contentType: string
  byteSize: number
  expiresInSec: number
}

/** An unfinished multipart upload, by the store's id of it. */
export interface MultipartRef {
  bucket: string
  key: string
  uploadId: string
}

export interface PresignPartInput extends MultipartRef {
  /** 1 to 10,000. */
  partNumber: number
  byteSize: number
  expiresInSec: number
}

export interface StoredPart {
  partNumber: number
  /** Without quotes. */
  etag: string
  byteSize: number
}

export interface PutPartInput extends MultipartRef {
  /** 1 to 10,000. */
  partNumber: number
  body: Buffer
}

export interface CompleteMultipartInput extends MultipartRef {
  parts: readonly Pick<StoredPart, 'partNumber' | 'etag'>[]
  /** Of the whole object: when the answer is lost, an object of this size tells that it went through. */
  byteSize: number
}

export interface PresignGetInput {
  bucket: string
  key: string
  versionId?: string | null | undefined
  expiresInSec: number
  responseContentType?: string | undefined
  responseContentDisposition?: string | undefined
}

export interface PutInput {
  bucket: string
  key: string
  body: Buffer | { file: string }
  byteSize: number
  contentType: string
  cacheControl?: string | undefined
  contentDisposition?: string | undefined
  /** Hex SHA-256 of the body, when the caller has it: the store then checks what it received, and nothing is hashed twice. */
  sha256?: string | undefined
}

export interface PutStreamInput {
  bucket: string
  key: string
  /** Read once, so an attempt that fails repeats no more than the part that is in memory. */
  body: AsyncIterable<Uint8Array>
  contentType: string
  /** As far as it is known: above 160 GB it takes larger parts, which are held in memory. */
  byteSize?: number | undefined
}

export interface CopyInput {
  /** With `byteSize`, an object too large for one copy goes in parts at once; without, after the store refused it. */
  from: ObjectRef & { etag: string; byteSize?: number | undefined }
  to: { bucket: string; key: string }
  contentType: string
  cacheControl?: string | undefined
  contentDisposition?: string | undefined
}

export interface ListedVersion {
  key: string
  versionId: string | null
  isDeleteMarker: boolean
  byteSize: number
  lastModified: Date
}

/** The current version of an object, as a listing shows it. */
export interface ListedObject {
  key: string
  /** Without quotes. */
  etag: string
  byteSize: number
}

export interface ListedMultipartUpload {
  key: string
  uploadId: string
  initiated: Date
}

/**
 * The object store as Darkroom needs it. Every method throws `AppError` with a `STORE_*` code (or the reason of an aborted
 * signal): `STORE_NOT_FOUND` for bytes that are not there, `STORE_UNAVAILABLE` (retryable) when the store does not answer,
 * `STORE_CAP_EXCEEDED` and `STORE_CREDENTIALS` when an admin must act.
 */
export interface ObjectStore {
  /** Signs a PUT of exactly this type and length, for the public endpoint. The client must send `headers`. */
  presignPut(input: PresignPutInput): Promise<{ url: string; headers: Record<string, string> }>
  /** Signs the PUT of one part of exactly this length, for the public endpoint. */
  presignPart(input: PresignPartInput): Promise<string>
  /** Signs a GET for the public endpoint. */
  presignGet(input: PresignGetInput): Promise<string>
  /** Null when the object, or that version, is absent or hidden. */
  head(ref: ObjectRef, options?: CallOptions): Promise<ObjectHead | null>
  /**
   * Returns what one call tells of many objects whose keys are neighbours, by key. What is missing may be there all the same: ask `head`.
   */
  listCurrent(
    input: { bucket: string; keys: readonly string[] },
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, CurrentObject>>
  /**
   * Streams the object: that version, or else only while it still has that ETag. The body fails with a retryable
   * `STORE_UNAVAILABLE` when it is cut off; consume or destroy it. `md5` (hex) is what the store says of the content, null when
   * it says nothing: not of an object that came in parts. A store that encrypts may answer something else that looks the same,
   * so a difference is a reason to look again, not a proof. With `start`, only what follows that many bytes, and `head.byteSize` is of that.
   */
  get(
    ref: ObjectRef & { etag?: string | undefined; start?: number | undefined },
    options?: CallOptions,
  ): Promise<{ body: Readable; head: ObjectHead; md5: string | null }>
  /** Stores a buffer or streams a file, as the only writer of the key: versions of attempts whose answer was lost are deleted. */
  put(input: PutInput, options?: CallOptions): Promise<Pin>
  /**
   * Stores a stream of unknown length. There is no object before its last byte; a stream that throws leaves none, and the error is passed on.
   */
  putStream(input: PutStreamInput, options?: CallOptions): Promise<Pin & { byteSize: number }>
  /** Copies the pinned bytes inside the store. Throws what `isCopyUnsupported` knows when the store cannot promise them. */
  copy(input: CopyInput, options?: CallOptions): Promise<Pin>
  /** Deletes one version for good; an absent one is fine. */
  deleteVersion(ref: { bucket: string; key: string; versionId: string | null }, options?: CallOptions): Promise<void>
  /** Deletes every version and hide marker of exactly this key; answers how many there were. */
  deleteAll(ref: { bucket: string; key: string }, options?: CallOptions): Promise<number>
  /**
   * Like `deleteAll`; with `multiparts`, unfinished multipart uploads of exactly this key are aborted before, so that none
   * can be finished after.
   */
  purge(ref: { bucket: string; key: string }, options?: CallOptions & { multiparts?: boolean }): Promise<number>
  listVersions(input: { bucket: string; prefix: string }, options?: CallOptions): AsyncIterable<ListedVersion>
  /** Current objects under a prefix in the order of their keys, which is that of UTF-8; with `after`, those that follow this key. */
  listObjects(
    input: { bucket: string; prefix: string; after?: string | undefined },
    options?: CallOptions,
  ): AsyncIterable<ListedObject>
  listMultipartUploads(
    input: { bucket: string; prefix: string },
    options?: CallOptions,
  ): AsyncIterable<ListedMultipartUpload>
  /** Opens a multipart upload and answers the store's id of it. */
  createMultipartUpload(
    input: { bucket: string; key: string; contentType: string },
    options?: CallOptions,
  ): Promise<string>
  /**
   * Stores one part of an open upload, in the place of an earlier one of that number.
   * @throws STORE_NOT_FOUND when there is no such upload, or no longer
   */
  putPart(input: PutPartInput, options?: CallOptions): Promise<Pick<StoredPart, 'partNumber' | 'etag'>>
  /** The parts that arrived, by number; null when there is no such upload, or no longer. */
  listParts(input: MultipartRef, options?: CallOptions): Promise<StoredPart[] | null>
  /**
   * Puts the parts together. An answer that was lost, and an upload that somebody else put together, are no failure.
   * @throws INVALID_PARTS when a part is not the one that was listed; STORE_NOT_FOUND when there is neither upload nor object
   */
  completeMultipartUpload(input: CompleteMultipartInput, options?: CallOptions): Promise<Pin>
  /** Frees the parts of an unfinished upload; an absent one is fine. */
  abortMultipartUpload(input: MultipartRef, options?: CallOptions): Promise<void>
  /**
   * Returns when the bucket answers to our key, which may have `readFiles` alone; whether it has room for more, as far as the store says
   * so.
   */
  check(bucket: string, options?: CallOptions): Promise<{ isFull: boolean }>
  /**
   * Whether somebody without a key can read what is in the bucket, proved by doing so. False also when the store does not answer, or when
   * our key may not store the object that would prove it.
   */
  isPublic(bucket: string, options?: CallOptions): Promise<boolean>
  close(): void
}
