import type { CallOptions } from '../calls/call-options.ts'
import type { Answer, Body, UploadConfirmed, UploadCreated } from '../types.ts'

/** The calls that every upload makes. */
export interface UploadSteps {
  create(body: Body<'createUpload'>, options?: CallOptions): Promise<UploadCreated>
  confirm(id: string, body?: Body<'confirmUpload'>, options?: CallOptions): Promise<UploadConfirmed>
}

/** The same, with those that make many of them at once. */
export interface GroupedCalls extends UploadSteps {
  createMany(body: Body<'createUploads'>, options?: CallOptions): Promise<Answer<'createUploads'>>
  confirmMany(body: Body<'confirmUploads'>, options?: CallOptions): Promise<Answer<'confirmUploads'>>
}
