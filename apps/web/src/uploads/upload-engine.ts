import type { Asset, UploadConfirmed } from '@darkroom/contracts'
import { DarkroomError, type Memory, type UploadProgress } from '@darkroom/sdk'
import type { Clients } from '../api/clients.ts'
import { closed } from '../api/closed.ts'
import type { Reachability } from '../api/reachability.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { readAssets } from '../assets/read-assets.ts'
import { oncePerFrame } from '../once-per-frame.ts'
import { advise } from './advice.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'
import { type Failure, failureOf, type Step } from './failure.ts'
import type { Presence } from './presence.ts'
import type { UploadItem } from './upload-item.ts'
import type { UploadOptions, UploadOptionsStore } from './upload-options.ts'
import type { UploadStore } from './upload-store.ts'

interface EngineDeps {
  clients: () => Clients
  uploads: UploadStore
  assets: AssetStore
  reachability: Reachability
  memory: Pick<Memory, 'forget'>
  presence: Pick<Presence, 'hold' | 'release'>
  /** The choices that an upload may have been begun with before a reload. */
  options: Pick<UploadOptionsStore, 'get'>
  /** Finds out whether the service is there. */
  checkService: () => void
  requestFrame?: (callback: () => void) => void
}

/** One file on its way. */
interface Run {
  stop: AbortController
  /** The service may have been asked to create the upload. */
  hasBegun: boolean
  /** The file was taken back before its upload was known. */
  isRemoved: boolean
  done: Promise<void>
}

type Done = Pick<UploadConfirmed, 'asset'> & { uploadId: string }

/** So many small files go up at once. */
const FILES_AT_ONCE = 4
/** Of the large ones: a hundred that share one line would all be late. */
const LARGE_FILES_AT_ONCE = 2
/** Larger files go up in parts. */
const LARGE_BYTES = 32 * 1024 * 1024
const PARTS_AT_ONCE = 3
/** While the service answers; an outage does not count. Somebody sits before the page who can retry. */
const GIVE_UP_AFTER_MS = 15_000

export type UploadEngine = ReturnType<typeof createUploadEngine>

/** Carries files to their confirm by the SDK, some at a time; and takes them back. What happens after a confirm is the follower's. */
export function createUploadEngine(deps: EngineDeps) {
  const { clients, uploads, assets, reachability, memory, presence, options: chosen, checkService, requestFrame } = deps
  const runs = new Map<string, Run>()
  const inTurn = createConcurrencyLimit(FILES_AT_ONCE)
  const largeInTurn = createConcurrencyLimit(LARGE_FILES_AT_ONCE)

  const showBytes = oncePerFrame<{ run: Run; progress: UploadProgress }>((id, { run, progress }) => {
    if (!run.stop.signal.aborted && runs.get(id) === run) showSending(id, progress)
  }, requestFrame)

  function showSending(id: string, { uploadId, assetId, sentBytes, isStalled }: UploadProgress): void {
    uploads.apply(id, { type: 'progressed', ids: { uploadId, assetId }, sentBytes, isStalled })
  }

  function onProgress(id: string, run: Run, progress: UploadProgress): void {
    const { phase, uploadId, assetId, isStalled, interruption } = progress
    if (run.stop.signal.aborted) return
    run.hasBegun = true
    if (run.isRemoved && uploadId && assetId) {
      run.stop.abort()
      // Nobody else knows of this upload; where that fails, it expires.
      abort(uploadId, assetId).catch(() => undefined)
    } else if (interruption) uploads.apply(id, { type: 'interrupted' })
    else if (phase === 'confirming') uploads.apply(id, { type: 'sent', ids: { uploadId, assetId } })
    else if (phase === 'uploading') {
      const isFirst = uploads.get(id)?.phase === 'waiting'
      if (isFirst) showSending(id, progress)
      else showBytes(id, { run, progress })
      // The connection may be gone, which no browser tells of.
      if (isStalled) checkService()
    }
  }

  async function carry({ id, contentType, options }: UploadItem, file: File, run: Run): Promise<void> {
    const { signal } = run.stop
    const limit = file.size > LARGE_BYTES ? largeInTurn : inTurn
    const { asset, uploadId } = await closed<Done>(
      limit(async () => {
        await reachability.untilReachable(signal, null)
        const { quick } = clients()
        const details = { ...options, contentType }
        const fingerprint = await quick.fingerprint(file, details)
        signal.throwIfAborted()
        presence.hold(fingerprint)
        uploads.apply(id, { type: 'begun', fingerprint })
        return quick.upload(file, {
          ...details,
          signal,
          checksum: false,
          parallel: PARTS_AT_ONCE,
          giveUpAfterMs: GIVE_UP_AFTER_MS,
          untilReachable: reachability.untilReachable,
          onProgress: progress => onProgress(id, run, progress),
        })
      }, signal),
    )
    signal.throwIfAborted()
    confirmed(id, uploadId, asset)
  }

  function confirmed(id: string, uploadId: string, asset: Asset): void {
    const fingerprint = uploads.get(id)?.fingerprint
    if (fingerprint) presence.release(fingerprint)
    assets.put([asset])
    uploads.apply(id, { type: 'confirmed', ids: { uploadId, assetId: asset.id } })
  }

  function send(id: string): void {
    const item = uploads.get(id)
    if (!item?.file) return
    const run: Run = { stop: new AbortController(), hasBegun: false, isRemoved: false, done: Promise.resolve() }
    runs.set(id, run)
    run.done = carry(item, item.file, run)
      .catch(error => {
        if (!run.stop.signal.aborted) fail(id, error)
      })
      .finally(() => {
        if (runs.get(id) === run) runs.delete(id)
      })
  }

  function fail(id: string, error: unknown): void {
    const step: Step = uploads.get(id)?.phase === 'confirming' ? 'confirm' : 'send'
    uploads.apply(id, { type: 'failed', failure: failureOf(error, step) })
  }

  /** Confirms one of which every byte had arrived before the page was loaded. */
  async function confirm(id: string): Promise<void> {
    const { uploadId, fingerprint } = uploads.get(id) ?? {}
    if (!uploadId) return
    try {
      const { asset } = await reachability.sitOut(() =>
        closed<UploadConfirmed>(clients().patient.uploads.confirm(uploadId)),
      )
      if (fingerprint) await memory.forget(fingerprint)
      confirmed(id, uploadId, asset)
    } catch (error) {
      fail(id, error)
    }
  }

  /** Uploads it once more: what has arrived is not sent again, and what has expired is begun anew. */
  function again({ id, file }: UploadItem, from: 'waiting' | 'confirming'): void | Promise<void> {
    uploads.apply(id, { type: 'retried', from })
    return file ? send(id) : confirm(id)
  }

  const REDO: Record<Step, (item: UploadItem) => void | Promise<void>> = {
    send: item => again(item, 'waiting'),
    confirm: item => again(item, item.file ? 'waiting' : 'confirming'),
    async process({ assetId }) {
      if (assetId) await reprocess(assetId)
    },
    remove: item => remove(item),
  }

  async function reprocess(assetId: Asset['id']): Promise<void> {
    const { patient } = clients()
    await patient.assets.reprocess(assetId)
    assets.put(await readAssets(patient, [assetId]))
  }

  async function retry(item: UploadItem, failure: Failure): Promise<void> {
    const { redo } = advise(failure)
    if (redo) await REDO[redo](item)
  }

  function pause(id: string): void {
    uploads.apply(id, { type: 'paused' })
    if (uploads.get(id)?.phase !== 'paused') return
    runs.get(id)?.stop.abort()
  }

  /** Goes on once what was stopped has let go of the upload. */
  async function resume(id: string): Promise<void> {
    await runs.get(id)?.done
    if (uploads.get(id)?.phase !== 'paused') return
    uploads.apply(id, { type: 'resumed' })
    send(id)
  }

  /** Returns the choices with which this file's interrupted upload was begun; null where it is another file. */
  async function optionsOfUpload(id: string, file: File): Promise<UploadOptions | null> {
    for (const options of [chosen.get(), {}]) {
      const fingerprint = await clients()
        .quick.fingerprint(file, options)
        .catch(() => null)
      if (fingerprint !== null && uploads.get(id)?.fingerprint === fingerprint) return options
    }
    return null
  }

  async function remove({ id, uploadId, assetId, phase }: UploadItem): Promise<void> {
    const run = runs.get(id)
    const fingerprint = uploads.get(id)?.fingerprint ?? null
    if (run?.hasBegun && uploadId === null) run.isRemoved = true
    else run?.stop.abort()
    if (phase === 'following' && assetId) await removeAsset(assetId)
    else if (uploadId && assetId) await abort(uploadId, assetId)
    uploads.remove([id])
    if (fingerprint && phase !== 'following') void forget(fingerprint, run)
  }

  /** Forgets an upload once nothing works on it any more. */
  async function forget(fingerprint: string, run: Run | undefined): Promise<void> {
    await run?.done
    await memory.forget(fingerprint)
    presence.release(fingerprint)
  }

  /** The confirm may have won the race against the removal; then it is the asset that has to go. */
  async function abort(uploadId: string, assetId: string): Promise<void> {
    await unlessGone(() => clients().quick.uploads.abort(uploadId)).catch(error => {
      if (error instanceof DarkroomError && error.status === 409) return removeAsset(assetId)
      throw error
    })
    assets.remove([assetId])
  }

  async function removeAsset(assetId: Asset['id']): Promise<void> {
    await unlessGone(() => clients().quick.assets.delete(assetId))
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
    /** Goes on with an upload that a reload interrupted; only what the store lacks is sent. False: it is another file. */
    async continueWith(id: string, file: File): Promise<boolean> {
      const options = await optionsOfUpload(id, file)
      if (!options || uploads.get(id)?.phase !== 'interrupted') return false
      uploads.apply(id, { type: 'continued', file, options })
      send(id)
      return true
    },
    /** Stops sending for now; what has arrived stays, and `resume` goes on from there. */
    pause,
    resume,
    pauseAll(): void {
      for (const { id } of uploads.all()) pause(id)
    },
    resumeAll(): void {
      for (const { id } of uploads.all()) void resume(id)
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
      const items = uploads.all()
      for (const { id, fingerprint, phase } of items) {
        const run = runs.get(id)
        run?.stop.abort()
        if (fingerprint && phase !== 'following') void forget(fingerprint, run)
      }
      uploads.remove(items.map(({ id }) => id))
    },
  }
}

/** Removes something, and ignores that it is already gone. */
async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof DarkroomError && (error.status === 404 || error.status === 410))) throw error
  }
}
