import { type DarkroomOptions, isMultipart, partSizeOf } from './options.ts'
import { createUploads } from './uploads.ts'
import type { Uppy, UppyFile } from './uppy.ts'

export { DarkroomError } from './ask.ts'
export type { DarkroomOptions } from './options.ts'

interface PutParameters {
  method: 'PUT'
  url: string
  headers?: Record<string, string>
}

/** What is used of the bytes of a part, or of a file, that Uppy wants to send. */
interface PartBytes {
  signature: { url: string }
  size?: number
  onProgress: (event: { loaded: number; lengthComputable: true }) => void
  onComplete: (etag: string) => void
}

/** Uppy's plugin, which sends bytes with a static function of its class. */
interface Plugin<Bytes> {
  uploadPartBytes(bytes: Bytes): Promise<{ ETag: string }>
}

/** In the place of a URL: the store has these bytes. */
const IN_STORE: PutParameters = { method: 'PUT', url: 'about:in-store' }

/**
 * Returns the options for `@uppy/aws-s3` 5 with which it uploads to Darkroom. Add them once to one Uppy, before its first upload.
 *
 * The id of the asset is `meta.darkroomAsset` of a file. A file is complete when its upload is confirmed.
 */
export function darkroomAwsS3<Bytes extends PartBytes>(uppy: Uppy, plugin: Plugin<Bytes>, options: DarkroomOptions) {
  const uploads = createUploads(uppy, options)
  /** Numbers of the parts that the store had when a file was begun again, by the id of the file. */
  const inStore = new Map<string, ReadonlySet<number>>()

  async function begin(file: UppyFile) {
    const upload = await uploads.begin(file)
    const parts = await uploads.partsInStore(file)
    inStore.set(file.id, new Set(parts.map(({ partNumber }) => partNumber)))
    return { upload, parts }
  }

  return {
    shouldUseMultipart: ({ size }: { size: number | null }) => isMultipart(options, size ?? 0),
    getChunkSize: ({ size }: { size: number }) => partSizeOf(options, size),

    async getUploadParameters(file: UppyFile): Promise<PutParameters> {
      const { destination } = await uploads.begin(file)
      return destination ? { method: 'PUT', ...destination } : IN_STORE
    },

    async createMultipartUpload(file: UppyFile) {
      const { upload } = await begin(file)
      return { uploadId: upload.uploadId, key: upload.assetId }
    },

    async listParts(file: UppyFile) {
      const { parts } = await begin(file)
      return parts.map(({ partNumber, byteSize, etag }) => ({ PartNumber: partNumber, Size: byteSize, ETag: etag }))
    },

    async signPart(file: UppyFile, { partNumber }: { partNumber: number }): Promise<PutParameters> {
      if (inStore.get(file.id)?.has(partNumber)) return IN_STORE
      return { method: 'PUT', url: await uploads.signPart(file, partNumber) }
    },

    async uploadPartBytes(bytes: Bytes): Promise<{ ETag: string }> {
      if (bytes.signature.url !== IN_STORE.url) return plugin.uploadPartBytes(bytes)
      bytes.onProgress({ loaded: bytes.size ?? 0, lengthComputable: true })
      bytes.onComplete('in-store')
      return { ETag: 'in-store' }
    },

    async completeMultipartUpload(file: UppyFile) {
      const upload = await uploads.confirm(file)
      return { location: uploads.addressOf(upload) }
    },

    // Uppy calls it after a failure as well, from which the upload continues. One that is given up is removed with its file.
    abortMultipartUpload: async () => undefined,
  }
}
