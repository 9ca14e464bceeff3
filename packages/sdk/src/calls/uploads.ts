import type { Answer, Body } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'

/** Makes the calls of which `upload` is made, for those who move the bytes themselves. */
export const uploadCalls = (client: ApiClient) => ({
  create: (body: Body<'createUpload'>, options?: CallOptions): Promise<Answer<'createUpload'>> =>
    read(client.POST('/v1/uploads', { body, ...init(options) })),

  /** Up to 100 at once. Each is accepted or refused by itself: an item of the answer is `{asset, upload, clientToken}` or `{error}`. */
  createMany: (body: Body<'createUploads'>, options?: CallOptions): Promise<Answer<'createUploads'>> =>
    read(client.POST('/v1/uploads/batch', { body, ...init(options) })),

  /** What the store has already. */
  get: (id: string, options?: CallOptions): Promise<Answer<'getUpload'>> =>
    read(client.GET('/v1/uploads/{id}', { params: { path: { id } }, ...init(options) })),

  /** Fresh URLs and a fresh client token. */
  renew: (id: string, options?: CallOptions): Promise<Answer<'renewUpload'>> =>
    read(client.POST('/v1/uploads/{id}/renew', { params: { path: { id } }, ...init(options) })),

  /** URLs of up to 100 parts. */
  signParts: (id: string, partNumbers: number[], options?: CallOptions): Promise<Answer<'signUploadParts'>> =>
    read(client.POST('/v1/uploads/{id}/parts', { params: { path: { id } }, body: { partNumbers }, ...init(options) })),

  confirm: (id: string, body: Body<'confirmUpload'> = {}, options?: CallOptions): Promise<Answer<'confirmUpload'>> =>
    read(client.POST('/v1/uploads/{id}/confirm', { params: { path: { id } }, body, ...init(options) })),

  /** Up to 100 at once. Each is confirmed or refused by itself: an item of the answer is `{uploadId, asset, job}` or `{uploadId, error}`. */
  confirmMany: (body: Body<'confirmUploads'>, options?: CallOptions): Promise<Answer<'confirmUploads'>> =>
    read(client.POST('/v1/uploads/confirm', { body, ...init(options) })),

  /** Gives the upload up, and removes what the store has of it. */
  abort: (id: string, options?: CallOptions): Promise<undefined> =>
    read(client.DELETE('/v1/uploads/{id}', { params: { path: { id } }, ...init(options) })),

  /** Has the service fetch a file from a URL. */
  importUrl: (body: Body<'createImport'>, options?: CallOptions): Promise<Answer<'createImport'>> =>
    read(client.POST('/v1/imports', { body, ...init(options) })),
})
