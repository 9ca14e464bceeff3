import type { UppyFile } from './uppy.ts'

export interface DarkroomOptions {
  /**
   * Address of Darkroom, such as `https://media.example.com`, or of your server if it passes `/v1/uploads/*` on. It is asked with the
   * client token of one upload, and never with a key.
   */
  api: string
  /** Route of your server that checks who asks, adds the key, and passes body and `Idempotency-Key` on to `POST /v1/uploads`. */
  createUrl: string
  /** Headers for that route only, such as a token against CSRF. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /** Returns more fields of `POST /v1/uploads` for a file: `preset`, `folder`, `tags`, `metadata`, `externalId`. */
  details?: (file: UppyFile) => Record<string, unknown>
  /** Files above this number of bytes are uploaded in parts. Default: 100 MB. */
  multipartAboveBytes?: number
  /** Size of a part in bytes. Default: 16 MiB; larger where 10,000 parts are not enough. */
  partBytes?: number
}

const MULTIPART_ABOVE_BYTES = 100_000_000
const PART_BYTES = 16 * 1024 * 1024
/** Uppy makes no part smaller than this. */
const MIN_PART_BYTES = 5 * 1024 * 1024
const MAX_PARTS = 10_000

export const isMultipart = ({ multipartAboveBytes = MULTIPART_ABOVE_BYTES }: DarkroomOptions, byteSize: number) =>
  byteSize > multipartAboveBytes

/** Returns the size of the parts that Uppy makes of a file. */
export const partSizeOf = ({ partBytes = PART_BYTES }: DarkroomOptions, byteSize: number): number =>
  Math.max(partBytes, MIN_PART_BYTES, Math.ceil(byteSize / MAX_PARTS))
