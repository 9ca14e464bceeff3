import type { DarkroomError } from '../errors.ts'
import type { Asset, CreateUpload, UploadCreated } from '../types.ts'
import type { WaitOptions } from '../wait-until-ready.ts'
import type { RememberedFile } from './memory.ts'
import type { UntilReachable } from './persistence.ts'

export type UploadPhase = 'presigning' | 'uploading' | 'confirming'

export interface UploadProgress {
  phase: UploadPhase
  /** Null before the service knows of it. */
  uploadId: string | null
  assetId: string | null
  /** For calls about this upload where there is no key; null where there is one. */
  token: string | null
  /** How much the store has or is getting; it falls when a transfer begins again. */
  sentBytes: number
  totalBytes: number
  bytesPerSecond: number | null
  secondsLeft: number | null
  /** No byte has moved for 2.5 s that should have. */
  isStalled: boolean
  /** What the last attempt failed with, until one gets through: it is repeated without your help. Null while all is well. */
  interruption: DarkroomError | null
}

/** Asks a server of yours to create the upload, so that no key is in the browser. */
export type CreateOnServer = (
  body: CreateUpload,
  options: { signal: AbortSignal; idempotencyKey: string },
) => Promise<UploadCreated>

type Details = Pick<
  CreateUpload,
  'preset' | 'externalId' | 'folder' | 'metadata' | 'tags' | 'title' | 'altText' | 'description' | 'focalPoint'
>

export interface UploadOptions extends Details {
  /** Default: the name of the file. */
  filename?: string | undefined
  /** Default: the type of the file; without one, the service goes by the name. */
  contentType?: string | undefined
  onProgress?: ((progress: UploadProgress) => void) | undefined
  /** Stops the upload. It goes on where it was when the same file is uploaded again. */
  signal?: AbortSignal | undefined
  /** How the upload is created where there is no key. Default: by the API, with the key. */
  create?: CreateOnServer | undefined
  /** Bytes of a part, from 5,000,000. Larger files go up in such parts, of which `parallel` are in memory. Default: 16 MiB, for files of more than 32 MiB. */
  partSize?: number | undefined
  /** Parts at once. Default: 4. */
  parallel?: number | undefined
  /** Whether to go on with an earlier upload of the same file, and to wait for another tab or process that has it. Default: true. */
  resume?: boolean | undefined
  /** Whether to hash the file and have it compared. Default: true. */
  checksum?: boolean | undefined
  /** Without a byte for so long, a transfer begins again with a fresh URL. Default: 20,000 ms. */
  stallAfterMs?: number | undefined
  /** How long everything may fail; time without a network does not count. Default: 300,000 ms. */
  giveUpAfterMs?: number | undefined
  /**
   * Waits until the service can be reached. It is called before each attempt, with what the one before failed with, and
   * resolves with whether it waited: that time does not count. Default: until the browser has a network.
   */
  untilReachable?: UntilReachable | undefined
}

/** An upload that a reload, a crash, an abort or a failure has left unfinished. Another tab or process can be at it. */
export interface InterruptedUpload extends RememberedFile {
  /** Of `fingerprintOf`, by which its file is told from others. */
  fingerprint: string
  uploadId: string
  assetId: string
  /** Where there is no key. */
  token: string | null
}

export interface UploadResult {
  /** As it was when it was confirmed, or already ready when the project had the file. */
  asset: Asset
  uploadId: string
  /** For calls about this asset where there is no key; null where there is one. */
  token: string | null
  /** Of the file, in hexadecimal digits; null where it was not hashed. */
  sha256: string | null
  /**
   * Waits until the asset is ready or partly ready.
   * @throws DarkroomError with the code of `asset.error`; CHECKSUM_MISMATCH when the service got other bytes
   */
  waitUntilReady(options?: WaitOptions): Promise<Asset>
}
