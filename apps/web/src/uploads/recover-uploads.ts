import type { UploadState } from '@darkroom/contracts'
import { DarkroomError, type InterruptedUpload, type Memory } from '@darkroom/sdk'
import type { Clients } from '../api/clients.ts'
import { closed } from '../api/closed.ts'
import type { KeyStore } from '../api/key-store.ts'
import type { Reachability } from '../api/reachability.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { activityOf } from '../assets/follow-policy.ts'
import { readAssets } from '../assets/read-assets.ts'
import type { Presence } from './presence.ts'
import type { UploadEngine } from './upload-engine.ts'
import type { Phase, UploadItem } from './upload-item.ts'

interface RecoverDeps {
  clients: () => Clients
  keys: Pick<KeyStore, 'get' | 'subscribe'>
  sitOut: Reachability['sitOut']
  memory: Pick<Memory, 'read' | 'forget'>
  presence: Pick<Presence, 'take' | 'release'>
  engine: Pick<UploadEngine, 'add'>
  assets: Pick<AssetStore, 'put'>
  newId: () => string
}

/**
 * Brings back, for each key, the uploads that ended with another page: those that lack bytes wait for their file, those that
 * lack nothing are confirmed, and what was confirmed is followed. What the service has given up is forgotten.
 */
export function recoverUploads(deps: RecoverDeps): void {
  const { clients, keys, sitOut, memory, presence, engine, assets, newId } = deps

  async function recover(): Promise<void> {
    const { key } = keys.get()
    if (key === null) return
    for (const upload of await clients().quick.interrupted()) {
      presence.take(upload.fingerprint, () => void takeOver(upload, key))
    }
  }

  async function takeOver(upload: InterruptedUpload, key: string): Promise<void> {
    const { fingerprint } = upload
    const isShown = await show(upload, key).catch(() => false)
    if (!isShown) presence.release(fingerprint)
  }

  /** Adds a row for it, and returns whether there is one to hold it for. */
  async function show(upload: InterruptedUpload, key: string): Promise<boolean> {
    const { fingerprint, uploadId } = upload
    const isOfKey = () => keys.get().key === key
    // Its tab had come to its end.
    const known = await memory.read(fingerprint)
    if (!known || !('uploadId' in known) || known.finishedAt !== null) return false
    const state = await sitOut(() => closed<UploadState>(clients().quick.uploads.get(uploadId))).catch(async error => {
      if (isGone(error) && isOfKey()) await memory.forget(fingerprint)
      throw error
    })
    if (!isOfKey()) return false
    const isOpen = state.state === 'awaiting_upload'
    if (isOpen || (await isWorkedOn(upload, state))) engine.add([recoveredItem(upload, state, newId)])
    if (!isOpen) await memory.forget(fingerprint)
    return isOpen
  }

  /** What is finished already is in the library, where else. */
  async function isWorkedOn({ assetId }: InterruptedUpload, { state }: UploadState): Promise<boolean> {
    if (state !== 'confirmed') return false
    const [asset] = await sitOut(() => readAssets(clients().quick, [assetId]))
    if (!asset || activityOf(asset) === 'settled') return false
    assets.put([asset])
    return true
  }

  keys.subscribe(() => void recover())
  void recover()
}

const isGone = (error: unknown): boolean =>
  error instanceof DarkroomError && (error.status === 404 || error.status === 410)

function phaseOf({ state, receivedBytes, byteSize }: UploadState): Phase {
  if (state === 'confirmed') return 'following'
  return receivedBytes === byteSize ? 'confirming' : 'interrupted'
}

function recoveredItem(upload: InterruptedUpload, state: UploadState, newId: () => string): UploadItem {
  const { uploadId, assetId, name, byteSize, contentType, fingerprint } = upload
  return {
    id: newId(),
    name,
    byteSize,
    contentType,
    file: null,
    // Known once the file is chosen again: they are part of its fingerprint.
    options: {},
    fingerprint,
    phase: phaseOf(state),
    uploadId,
    assetId,
    sentBytes: state.receivedBytes ?? 0,
    isStalled: false,
    isRepeated: false,
    failure: null,
  }
}
