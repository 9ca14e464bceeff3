import type { Darkroom } from '../darkroom.ts'
import type { DarkroomError } from '../errors.ts'
import type { Asset } from '../types.ts'
import type { UploadOptions, UploadProgress, UploadResult } from '../upload/upload-types.ts'
import { asDarkroomError } from './shared-resource.ts'
import type { createTurns } from './turns.ts'

export type UploadStatus =
  | 'queued'
  | 'presigning'
  | 'uploading'
  | 'paused'
  | 'confirming'
  | 'processing'
  | 'ready'
  | 'failed'
  | 'cancelled'

/** How one upload is. Each change makes a new object. */
export interface UploadState {
  status: UploadStatus
  /** From 0 to 1, over the bytes that the store has or is getting. */
  progress: number
  sentBytes: number
  totalBytes: number
  bytesPerSecond: number | null
  secondsLeft: number | null
  uploadId: string | null
  assetId: string | null
  /** From the confirm on; it changes while it is processed. */
  asset: Asset | null
  /** What it failed with: `error.advice` says what can be done. */
  error: DarkroomError | null
}

export interface UploadItem extends UploadState {
  /** Tells uploads of this page apart. */
  key: string
  file: Blob
  /** Stops until `resume`. What has arrived is kept; of a large file only whole parts are. */
  pause: () => void
  resume: () => void
  /** Gives it up, and removes what the store has of it. Once it is confirmed there is nothing to cancel: delete the asset. */
  cancel: () => void
  /** Tries again what has failed or was cancelled. */
  retry: () => void
  /** Cancels it, and takes it off the list. */
  remove: () => void
}

interface TaskDeps {
  client: Darkroom
  file: Blob
  options: UploadOptions
  inTurn: ReturnType<typeof createTurns>
  onChange: (state: UploadState) => void
  /** Told of the client token with which the asset is read where there is no key. */
  onToken: (assetId: string, token: string) => void
}

const STOPPABLE: ReadonlySet<UploadStatus> = new Set(['queued', 'presigning', 'uploading', 'confirming'])
const CANCELLABLE: ReadonlySet<UploadStatus> = new Set([...STOPPABLE, 'paused', 'failed'])

export type UploadTask = ReturnType<typeof createUploadTask>

/** Creates the upload of one file with the controls that a person has; `run` starts it. */
export function createUploadTask({ client, file, options, inTurn, onChange, onToken }: TaskDeps) {
  let state: UploadState = {
    status: 'queued',
    progress: 0,
    sentBytes: 0,
    totalBytes: file.size,
    bytesPerSecond: null,
    secondsLeft: null,
    uploadId: null,
    assetId: null,
    asset: null,
    error: null,
  }
  let attempt = new AbortController()
  let token: string | null = null
  /** From the confirm on. */
  let uploaded: UploadResult | null = null
  let aborting: Promise<unknown> = Promise.resolve()
  let isSuspended = false

  function set(change: Partial<UploadState>): void {
    state = { ...state, ...change }
    onChange(state)
  }

  const noSpeed = { bytesPerSecond: null, secondsLeft: null }

  async function run(): Promise<void> {
    attempt.abort()
    attempt = new AbortController()
    const { signal } = attempt
    // What was stopped is heard of no more.
    const tell = (change: Partial<UploadState>) => signal.aborted || set(change)

    function onProgress(progress: UploadProgress): void {
      const { phase, token: given, ...figures } = progress
      token = given
      const share = figures.totalBytes > 0 ? figures.sentBytes / figures.totalBytes : 0
      tell({ status: phase, progress: share, ...figures })
    }

    try {
      if (!uploaded) {
        tell({ status: 'queued', error: null, asset: null, ...noSpeed })
        await aborting
        uploaded = await inTurn(() => client.upload(file, { ...options, onProgress, signal }), signal)
      }
      const { asset, uploadId, waitUntilReady } = uploaded
      if (uploaded.token) onToken(asset.id, uploaded.token)
      tell({ status: 'processing', error: null, progress: 1, asset, assetId: asset.id, uploadId, ...noSpeed })
      const ready = await waitUntilReady({ signal, onChange: changed => tell({ asset: changed }) })
      tell({ status: 'ready', asset: ready })
    } catch (cause) {
      if (signal.aborted) return
      const error = asDarkroomError(cause)
      // Another attempt needs another asset.
      if (error.asset) uploaded = null
      tell({ status: 'failed', error, asset: error.asset ?? state.asset, ...noSpeed })
    }
  }

  function stop(status: 'paused' | 'cancelled'): void {
    attempt.abort()
    set({ status, ...noSpeed })
  }

  function pause(): void {
    if (STOPPABLE.has(state.status)) stop('paused')
  }

  function resume(): void {
    if (state.status === 'paused') void run()
  }

  function cancel(): void {
    if (!CANCELLABLE.has(state.status) || state.asset) return
    const { uploadId } = state
    stop('cancelled')
    if (uploadId === null) return
    set({ uploadId: null, assetId: null, progress: 0, sentBytes: 0 })
    aborting = client.uploads.abort(uploadId, { ...(token !== null && { token }) }).catch(() => undefined)
  }

  function retry(): void {
    if (state.status === 'failed' || state.status === 'cancelled') void run()
  }

  return {
    initial: state,
    run,
    pause,
    resume,
    cancel,
    retry,
    /** Stops whatever is under way because nobody sees it, until `wake`. */
    suspend(): void {
      isSuspended = STOPPABLE.has(state.status) || state.status === 'processing'
      attempt.abort()
    },
    wake(): void {
      if (isSuspended) void run()
      isSuspended = false
    },
  }
}
