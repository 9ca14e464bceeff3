import type { Asset } from '@darkroom/contracts'
import type { Api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import { withRetries } from '../api/with-retries.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { advise, type Redo } from './advice.ts'
import { failureOf } from './failure.ts'
import type { Destination, Transfer, TransferEvents } from './transfer.ts'
import type { UploadItem } from './upload-item.ts'
import type { UploadStore } from './upload-store.ts'

interface EngineDeps {
  api: Api
  uploads: UploadStore
  assets: AssetStore
  createTransfer: (events: TransferEvents) => Transfer
  newId: () => string
}

/** Moves files along: sign, send, confirm; and takes them back. What happens after a confirm is the follower's. */
export function createUploadEngine({ api, uploads, assets, createTransfer, newId }: EngineDeps) {
  const transfer = createTransfer({
    sign,
    onProgress: (id, sentBytes) => uploads.apply(id, { type: 'progressed', sentBytes }),
    onSent(id) {
      uploads.apply(id, { type: 'sent' })
      void confirm(id)
    },
    onFailed: (id, error) => uploads.apply(id, { type: 'failed', failure: failureOf(error, 'send') }),
  })

  async function sign(id: string): Promise<Destination> {
    const item = uploads.get(id)
    if (!item) throw new Error('The file was removed.')
    const { upload, assetId } =
      item.uploadId && item.assetId ? await renewed(item.uploadId, item.assetId) : await created(item)
    if (!uploads.get(id)) {
      // Removed while the API was making it: nobody else knows of this upload.
      await api.abortUpload(upload.id)
      throw new Error('The file was removed.')
    }
    uploads.apply(id, { type: 'signed', uploadId: upload.id, assetId })
    return { url: upload.url, headers: upload.headers }
  }

  async function renewed(uploadId: string, assetId: string) {
    const { upload } = await withRetries(() => api.renewUpload(uploadId))
    return { upload, assetId }
  }

  async function created({ file, contentType, idempotencyKey }: UploadItem) {
    const body = { filename: file.name || 'unnamed', contentType, byteSize: file.size }
    const { upload, asset } = await withRetries(() => api.createUpload(body, idempotencyKey))
    return { upload, assetId: asset.id }
  }

  async function confirm(id: string): Promise<void> {
    const uploadId = uploads.get(id)?.uploadId
    if (!uploadId) return
    try {
      const { asset } = await withRetries(() => api.confirmUpload(uploadId))
      assets.put([asset])
      uploads.apply(id, { type: 'confirmed' })
    } catch (error) {
      uploads.apply(id, { type: 'failed', failure: failureOf(error, 'confirm') })
    }
  }

  function send(id: string): void {
    const item = uploads.get(id)
    if (item) transfer.start(id, item.file, item.contentType)
  }

  const REDO: Record<Redo, (item: UploadItem) => void | Promise<void>> = {
    send({ id }) {
      uploads.apply(id, { type: 'retried', from: 'waiting' })
      send(id)
    },
    restart({ id }) {
      uploads.apply(id, { type: 'restarted', idempotencyKey: newId() })
      send(id)
    },
    confirm({ id }) {
      uploads.apply(id, { type: 'retried', from: 'confirming' })
      return confirm(id)
    },
    async process({ assetId }) {
      if (!assetId) return
      await withRetries(() => api.reprocessAsset(assetId))
      assets.put(await api.readAssets([assetId]))
    },
    remove: item => remove(item),
  }

  async function remove({ id, uploadId, assetId, phase }: UploadItem): Promise<void> {
    transfer.cancel(id)
    if (phase === 'following' && assetId) await removeAsset(assetId)
    else if (uploadId && assetId) await abort(uploadId, assetId)
    uploads.remove([id])
  }

  /** The confirm may have won the race against the removal; then it is the asset that has to go. */
  async function abort(uploadId: string, assetId: string): Promise<void> {
    await unlessGone(() => api.abortUpload(uploadId)).catch(error => {
      if (error instanceof ApiError && error.status === 409) return removeAsset(assetId)
      throw error
    })
    assets.remove([assetId])
  }

  async function removeAsset(assetId: Asset['id']): Promise<void> {
    await unlessGone(() => api.deleteAsset(assetId))
    assets.remove([assetId])
  }

  return {
    /** Starts everything that has not failed already. */
    add(items: readonly UploadItem[]): void {
      uploads.add(items)
      for (const { id, phase } of items) if (phase === 'waiting') send(id)
    },
    /** Re-does what the failure asks for and nothing before it. Throws when processing could not be asked for again. */
    async retry(item: UploadItem, failure: Parameters<typeof advise>[0]): Promise<void> {
      const { redo } = advise(failure)
      if (redo) await REDO[redo](item)
    },
    /** Takes the file back wherever it is. Throws when the API did not let go of it. */
    remove,
    removeAsset,
  }
}

/** What is no longer there need not be removed. */
async function unlessGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error
  }
}
