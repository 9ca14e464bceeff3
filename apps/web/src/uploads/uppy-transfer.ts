import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import type { SingleTransferEvents, Transfer } from './transfer.ts'

const PARALLEL_UPLOADS = 4

type FileMeta = { relativePath: string; [key: string]: unknown }
type Answer = { location: string; key: string; [key: string]: unknown }

const NO_LOG = { debug: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Creates the transfer by Uppy without its UI: it queues, PUTs with progress, waits while the browser is offline and
 * retries passing errors. Uppy 6 calls `signRequest` for a URL where Uppy 5 had `getUploadParameters`, with the object
 * key, which is our own item id here: the API alone decides the real one. In Uppy's own multipart the browser signs and
 * makes the calls that assemble an object. Here the API does that, so each part is a PUT of its own (`multipart-transfer.ts`).
 */
export function createUppyTransfer({ sign, onProgress, onSent, onFailed }: SingleTransferEvents): Transfer {
  const uppyIds = new Map<string, string>()
  const uppy = new Uppy<FileMeta, Answer>({ autoProceed: true, logger: NO_LOG })
  uppy.use(AwsS3<FileMeta, Answer>, {
    limit: PARALLEL_UPLOADS,
    shouldUseMultipart: false,
    generateObjectKey: file => file.meta.relativePath,
    signRequest: ({ key }) => sign(key),
  })

  function forget(id: string): void {
    const uppyId = uppyIds.get(id)
    uppyIds.delete(id)
    if (uppyId && uppy.getFile(uppyId)) uppy.removeFile(uppyId)
  }

  /** Uppy still holds the file while it reports; one left behind after a failure would be retried with the next batch. */
  function finish(id: string, report: () => void): void {
    queueMicrotask(() => {
      if (!uppyIds.has(id)) return
      forget(id)
      report()
    })
  }

  uppy.on('upload-progress', (file, { bytesUploaded }) => {
    if (file && typeof bytesUploaded === 'number') onProgress(file.meta.relativePath, bytesUploaded)
  })
  uppy.on('upload-success', file => {
    const id = file?.meta.relativePath
    if (id) finish(id, () => onSent(id))
  })
  uppy.on('upload-error', (file, error) => {
    const id = file?.meta.relativePath
    if (id) finish(id, () => onFailed(id, error))
  })

  return {
    start(id, file, contentType) {
      // Uppy takes name, type, size and relative path together for a file's identity. Ours is the item's id, so that
      // the same file may be uploaded twice.
      const name = file.name || 'unnamed'
      uppyIds.set(id, uppy.addFile({ name, type: contentType, data: file, meta: { relativePath: id } }))
    },
    cancel: forget,
  }
}
