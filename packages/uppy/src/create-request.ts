import { type DarkroomOptions, isMultipart, partSizeOf } from './options.ts'
import type { UppyFile } from './uppy.ts'

/** What is used of the answer to `POST /v1/uploads`. */
export interface Created {
  asset: { id: string }
  upload: { id: string } & (
    | { type: 'single'; url: string; headers: Record<string, string> }
    | { type: 'multipart'; partSize: number; partCount: number }
    | { type: 'none' }
  )
  clientToken: string
}

interface CreateRequest {
  filename: string
  contentType: string
  byteSize: number
  multipart: boolean
  partSize?: number
}

/** Returns the body of `POST /v1/uploads` for a file. */
export function requestOf(options: DarkroomOptions, file: UppyFile): CreateRequest {
  const byteSize = file.size ?? 0
  const multipart = isMultipart(options, byteSize)
  const parts = multipart ? { partSize: partSizeOf(options, byteSize) } : {}
  const { name, type = '' } = file
  const filename = typeof file.meta.name === 'string' ? file.meta.name : name
  return { ...options.details?.(file), filename: filename ?? 'file', contentType: type, byteSize, multipart, ...parts }
}

/** @throws Error when the server in between has changed how the file is divided */
export function assertAsAsked(upload: Created['upload'], { multipart, partSize }: CreateRequest): void {
  if (upload.type === 'none') return
  const isSame = upload.type === 'multipart' ? multipart && upload.partSize === partSize : !multipart
  if (!isSame) throw new Error('`createUrl` must pass the fields `multipart` and `partSize` on to Darkroom.')
}
