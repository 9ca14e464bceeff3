import type { ServiceStatus } from '@darkroom/contracts'
import { contentTypeOf } from '../media-format.ts'
import { checkFile } from './check-file.ts'
import type { Failure } from './failure.ts'
import type { UploadItem } from './upload-item.ts'
import type { UploadOptions } from './upload-options.ts'

/** Tells whether a file is one that systems leave in folders and that nobody wants to upload. */
const isClutter = ({ name }: File) => name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini'

/** Turns dropped, pasted or picked files into items; those that would be refused have failed from the start. */
export function newItems(
  files: readonly File[],
  limits: ServiceStatus,
  newId: () => string,
  options: UploadOptions = {},
): UploadItem[] {
  return files
    .filter(file => files.length === 1 || !isClutter(file))
    .map(file => {
      const contentType = contentTypeOf(file)
      return newItem({ file, contentType }, checkFile(file, contentType, limits), newId, options)
    })
}

/** Creates an item for a file of which the service knows nothing yet; with a failure, of which it never will. */
export const newItem = (
  { file, contentType }: { file: File; contentType: string },
  failure: Failure | null,
  newId: () => string,
  options: UploadOptions = {},
): UploadItem => ({
  id: newId(),
  name: file.name,
  byteSize: file.size,
  contentType,
  file,
  options,
  fingerprint: null,
  phase: failure ? 'failed' : 'waiting',
  uploadId: null,
  assetId: null,
  sentBytes: 0,
  isStalled: false,
  isRepeated: false,
  failure,
})
