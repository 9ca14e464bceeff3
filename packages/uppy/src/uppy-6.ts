import { type DarkroomOptions, isMultipart, partSizeOf } from './options.ts'
import { createUploads, type Uploads } from './uploads.ts'
import type { Uppy, UppyFile } from './uppy.ts'
import { completed, listed, NOTHING, opened, type SignedRequest } from './xml-answers.ts'

export { DarkroomError } from './ask.ts'
export type { DarkroomOptions } from './options.ts'

/** What Uppy asks to have signed. */
interface StoreRequest {
  method: 'PUT' | 'POST' | 'GET' | 'DELETE'
  key: string
  uploadId?: string
  partNumber?: number
}

type Signing = (uploads: Uploads, file: UppyFile, request: StoreRequest) => Promise<SignedRequest>

/**
 * What Uppy asks for, by method and whether there is an upload id. Bytes go to the store by a URL that Darkroom signed for them alone.
 * Uppy wants to create, list and complete the upload in the store itself; Darkroom has done or does it, so Uppy gets the answer.
 */
const SIGNINGS: Record<string, Signing> = {
  async 'PUT whole'(uploads, file) {
    const { destination, assetId } = await uploads.begin(file)
    return { ...(destination ?? NOTHING), key: assetId }
  },

  'POST whole': async (uploads, file) => opened(await uploads.begin(file)),

  'PUT part': async (uploads, file, { partNumber = 0 }) => ({ url: await uploads.signPart(file, partNumber) }),

  async 'GET part'(uploads, file) {
    await uploads.begin(file)
    return listed(await uploads.partsInStore(file))
  },

  async 'POST part'(uploads, file) {
    const upload = await uploads.confirm(file)
    return completed(upload, uploads.addressOf(upload))
  },
}

/**
 * Returns the options for `@uppy/aws-s3` 6 with which it uploads to Darkroom. Add them once to one Uppy, before its first upload.
 *
 * The id of the asset is `meta.darkroomAsset` of a file and `response.body.key`. A file is complete when its upload is confirmed.
 */
export function darkroomAwsS3(uppy: Uppy, options: DarkroomOptions) {
  const uploads = createUploads(uppy, options)
  return {
    shouldUseMultipart: ({ size }: { size: number | null }) => isMultipart(options, size ?? 0),
    getChunkSize: ({ size }: { size: number }) => partSizeOf(options, size),
    // Uppy's name for the file until Darkroom decides where it goes.
    generateObjectKey: ({ id }: { id: string }) => id,
    async signRequest(request: StoreRequest): Promise<SignedRequest> {
      // The file is gone, and with it its upload.
      if (request.method === 'DELETE') return NOTHING
      const file = uppy.getFile(request.key)
      const sign = SIGNINGS[`${request.method} ${request.uploadId === undefined ? 'whole' : 'part'}`]
      if (!file || !sign) throw new Error(`nothing to sign for ${request.method} ${request.key}`)
      return sign(uploads, file, request)
    },
  }
}
