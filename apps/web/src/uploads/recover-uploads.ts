import type { UploadState } from '@darkroom/contracts'
import type { Api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import type { Gate } from '../api/gate.ts'
import type { KeyStore } from '../api/key-store.ts'
import type { OutageRetry } from '../api/outage-retry.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { activityOf } from '../assets/follow-policy.ts'
import type { UploadEngine } from './upload-engine.ts'
import type { Phase, UploadItem } from './upload-item.ts'
import { keyIdOf, type RememberedUpload, type UploadMemory } from './upload-memory.ts'

interface RecoverDeps {
  api: Pick<Api, 'readUpload' | 'readAssets'>
  keys: Pick<KeyStore, 'get' | 'subscribe'>
  gate: Pick<Gate, 'passed'>
  outageRetry: Pick<OutageRetry, 'withRetry'>
  memory: Pick<UploadMemory, 'recover' | 'forget' | 'release'>
  engine: Pick<UploadEngine, 'add'>
  assets: Pick<AssetStore, 'put'>
  newId: () => string
}

/**
 * Brings back, for each key, the uploads that ended with another page: those that lack bytes wait for their file, those that
 * lack nothing are confirmed, and what was confirmed is followed. What the service has given up is forgotten.
 */
export function recoverUploads({ api, keys, gate, outageRetry, memory, engine, assets, newId }: RecoverDeps): void {
  const isOfKey = ({ keyId }: RememberedUpload) => keyIdOf(keys.get().key ?? '') === keyId

  function recover(): void {
    const { key } = keys.get()
    if (key !== null) memory.recover(keyIdOf(key), upload => void takeOver(upload))
  }

  async function takeOver(upload: RememberedUpload): Promise<void> {
    const { uploadId } = upload
    await gate.passed()
    if (!isOfKey(upload)) return memory.release(uploadId)
    try {
      const state = await outageRetry.withRetry(() => api.readUpload(uploadId))
      const isOpen = state.state === 'awaiting_upload'
      if (isOpen || (await isWorkedOn(upload, state))) engine.add([recoveredItem(upload, state, newId)])
      if (!isOpen) memory.forget(uploadId)
    } catch (error) {
      const isGone = error instanceof ApiError && (error.status === 404 || error.status === 410)
      if (isGone) memory.forget(uploadId)
      else memory.release(uploadId)
    }
  }

  /** What is finished already is in the library, where else. */
  async function isWorkedOn({ assetId }: RememberedUpload, { state }: UploadState): Promise<boolean> {
    if (state !== 'confirmed') return false
    const [asset] = await outageRetry.withRetry(() => api.readAssets([assetId]))
    if (!asset || activityOf(asset) === 'settled') return false
    assets.put([asset])
    return true
  }

  keys.subscribe(recover)
  recover()
}

function phaseOf({ state, receivedBytes, byteSize }: UploadState): Phase {
  if (state === 'confirmed') return 'following'
  return receivedBytes === byteSize ? 'confirming' : 'interrupted'
}

function recoveredItem(remembered: RememberedUpload, state: UploadState, newId: () => string): UploadItem {
  const { uploadId, assetId, name, byteSize, contentType } = remembered
  const sentBytes = state.receivedBytes ?? 0
  return {
    id: newId(),
    name,
    byteSize,
    contentType,
    file: null,
    remembered,
    phase: phaseOf(state),
    idempotencyKey: newId(),
    uploadId,
    assetId,
    expiresAt: state.expiresAt,
    sentBytes,
    isStalled: false,
    failure: null,
  }
}
