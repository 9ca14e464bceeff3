import type { Asset, UploadInstructions } from '@darkroom/contracts'
import type { Api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import type { Gate } from '../api/gate.ts'
import type { OutageRetry } from '../api/outage-retry.ts'
import { withRetries } from '../api/with-retries.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { advise, type Redo } from './advice.ts'
import { type Failure, failureOf, failureOfTransfer } from './failure.ts'
import { needsMultipart } from './multipart-transfer.ts'
import type { Destination, PartLayout, Transfer, TransferEvents } from './transfer.ts'
import type { UploadItem } from './upload-item.ts'
import type { UploadStore } from './upload-store.ts'

interface EngineDeps {
  api: Api
  uploads: UploadStore
  assets: AssetStore
  gate: Gate
  outageRetry: OutageRetry
  createTransfer: (events: TransferEvents) => Transfer
  newId: () => string
}

export type UploadEngine = ReturnType<typeof createUploadEngine>

/** Moves files along: sign, send, confirm; and takes them back. What happens after a confirm is the follower's. */
export function createUploadEngine(deps: EngineDeps) {
  const { api, uploads, assets, gate, createTransfer, newId } = deps
  const { withRetry, outage } = deps.outageRetry
  const transfer = createTransfer({
    sign,
    layout,
    signPart,
    onProgress: (id, sentBytes) => uploads.apply(id, { type: 'progressed', sentBytes }),
    onSent(id) {
      uploads.apply(id, { type: 'sent' })
      void confirm(id)
    },
    onFailed,
  })

  async function onFailed(id: string, error: unknown): Promise<void> {
    const file = uploads.get(id)?.file
    if (!file) return
    const failure = await failureOfTransfer(error, file)
    if (failure.code === 'NETWORK') {
      uploads.apply(id, { type: 'interrupted' })
      if (await outage()) return send(id)
    }
    uploads.apply(id, { type: 'failed', failure })
  }

  async function sign(id: string): Promise<Destination> {
    const upload = await instructions(id)
    if (upload.type !== 'single') throw new Error('The service requires parts, but a single PUT was requested.')
    return { url: upload.url, headers: upload.headers }
  }

  /** How the file is cut; of an upload that was interrupted, with the parts that arrived. */
  async function layout(id: string): Promise<PartLayout> {
    const isResumed = uploads.get(id)?.uploadId !== null
    const upload = await instructions(id)
    if (upload.type !== 'multipart') throw new Error('The service does not accept parts.')
    const { partSize, partCount } = upload
    const state = isResumed ? await withRetry(() => api.readUpload(upload.id)) : null
    const all = Array.from({ length: partCount }, (_, index) => index + 1)
    const isWhole = state?.parts === null && state.receivedBytes !== null
    return { partSize, partCount, present: isWhole ? all : (state?.parts ?? []).map(part => part.partNumber) }
  }

  async function signPart(id: string, partNumber: number): Promise<Destination> {
    await gate.passed()
    const uploadId = uploads.get(id)?.uploadId
    if (!uploadId) throw new Error('The file was removed.')
    const { parts } = await withRetry(() => api.signParts(uploadId, [partNumber]))
    const [part] = parts
    if (!part) throw new Error(`The service did not sign part ${partNumber}.`)
    return { url: part.url, headers: {} }
  }

  /** Where to put the bytes of a file: of its upload, or of a new one. */
  async function instructions(id: string): Promise<UploadInstructions> {
    await gate.passed()
    const item = uploads.get(id)
    if (!item) throw new Error('The file was removed.')
    const { upload, assetId, expiresAt } =
      item.uploadId && item.assetId ? await renewed(item.uploadId, item.assetId) : await created(item)
    if (!uploads.get(id)) {
      // Removed while the API was making it: nobody else knows of this upload.
      await api.abortUpload(upload.id)
      throw new Error('The file was removed.')
    }
    uploads.apply(id, { type: 'signed', uploadId: upload.id, assetId, expiresAt })
    return upload
  }

  async function renewed(uploadId: string, assetId: string) {
    const { upload } = await withRetry(() => api.renewUpload(uploadId))
    return { upload, assetId, expiresAt: null }
  }

  async function created({ name, byteSize, contentType, idempotencyKey }: UploadItem) {
    const multipart = needsMultipart(byteSize)
    const body = { filename: name || 'unnamed', contentType, byteSize, multipart }
    const { upload, asset } = await withRetry(() => api.createUpload(body, idempotencyKey))
    return { upload, assetId: asset.id, expiresAt: asset.expiresAt }
  }

  async function confirm(id: string): Promise<void> {
    await gate.passed()
    const uploadId = uploads.get(id)?.uploadId
    if (!uploadId) return
    try {
      const { asset } = await withRetry(() => api.confirmUpload(uploadId))
      assets.put([asset])
      uploads.apply(id, { type: 'confirmed' })
    } catch (error) {
      uploads.apply(id, { type: 'failed', failure: failureOf(error, 'confirm') })
    }
  }

  function send(id: string): void {
    const item = uploads.get(id)
    if (item?.file) transfer.start(id, item.file, item.contentType)
    // After a reload the page does not have it any more.
    else if (item) uploads.apply(id, { type: 'interrupted' })
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
      if (assetId) await reprocess(assetId)
    },
    remove: item => remove(item),
  }

  async function reprocess(assetId: Asset['id']): Promise<void> {
    await withRetries(() => api.reprocessAsset(assetId))
    assets.put(await api.readAssets([assetId]))
  }

  async function retry(item: UploadItem, failure: Failure): Promise<void> {
    const { redo } = advise(failure)
    if (redo) await REDO[redo](item)
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
    /** Starts everything that has not failed already, each where it stands. */
    add(items: readonly UploadItem[]): void {
      uploads.add(items)
      for (const { id, phase } of items) {
        if (phase === 'waiting') send(id)
        else if (phase === 'confirming') void confirm(id)
      }
    },
    /** Goes on with an upload that a reload interrupted; only what the store lacks is sent. */
    continueWith(id: string, file: File): void {
      if (uploads.get(id)?.phase !== 'interrupted') return
      uploads.apply(id, { type: 'continued', file })
      send(id)
    },
    /** Re-does what the failure asks for and nothing before it. Throws when processing could not be asked for again. */
    retry,
    /** The same for many at once. What cannot be asked for again keeps its failure. */
    async retryAll(failed: readonly { item: UploadItem; failure: Failure }[]): Promise<void> {
      await Promise.allSettled(failed.map(({ item, failure }) => retry(item, failure)))
    },
    /** Throws when it could not be asked for. */
    reprocess,
    /** Takes the file back wherever it is. Throws when the API did not let go of it. */
    remove,
    removeAsset,
    /** Lets go of every file without a word to the service: what a key began ends with it, or expires. */
    clear(): void {
      const ids = uploads.all().map(({ id }) => id)
      for (const id of ids) transfer.cancel(id)
      uploads.remove(ids)
    },
  }
}

/** Removes something, and ignores that it is already gone. */
async function unlessGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error
  }
}
