import type { Asset } from '@darkroom/contracts'
import { kindOfAsset, variantsName } from '../assets/asset-kind.ts'
import { activityOf } from '../assets/follow-policy.ts'
import { humanBytes, humanBytesOf } from '../human-bytes.ts'
import { humanLeft } from '../human-left.ts'
import { advise } from './advice.ts'
import type { Failure } from './failure.ts'
import { HOLD_REASONS, NORMAL_CONDITIONS, type ServiceConditions } from './service-conditions.ts'
import type { UploadItem } from './upload-item.ts'

/** What `data-status` says of a row. */
export type RowStatus =
  | 'interrupted'
  | 'paused'
  | 'waiting'
  | 'uploading'
  | 'confirming'
  | 'processing'
  | 'ready'
  | 'partial'
  | 'failed'

export interface RowState {
  status: RowStatus
  /** 0 to 100, of sending or of processing: the number that is written. Null where nothing moves. */
  progress: number | null
  /** The state in a word or two. */
  label: string
  /** The state with its particulars. */
  text: string
  failure: Failure | null
}

const STAGES: Record<string, string> = {
  importing: 'downloading it from its URL',
  fetch: 'downloading the original',
  probe: 'inspecting the file',
  promote: 'storing the original',
  render: 'making variants',
  publish: 'publishing',
}

/**
 * Returns what a row shows, from what this page knows (`item`) and, once confirmed, from what the service says
 * (`asset`), unless the service denies the asset.
 */
export function rowStateOf(item: UploadItem, asset: Asset | undefined, around = NORMAL_CONDITIONS): RowState {
  const { failure } = item
  const reason = around.hold && HOLD_REASONS[around.hold]
  switch (item.phase) {
    case 'interrupted':
      return interruptedState(item)
    case 'paused':
      return rowState('paused', percentOf(item), `Paused at ${percentOf(item)} %`, humanBytes(item.byteSize))
    case 'waiting':
      return waitingState(item, reason)
    case 'sending':
      return sendingState(item, around)
    case 'confirming':
      return rowState('confirming', 100, 'Uploaded', reason ? `not confirmed yet: ${reason}` : 'confirming')
    case 'failed':
      return { ...rowState('failed', null, 'Failed'), failure }
    case 'following':
      if (around.readDenial !== null && (!asset || activityOf(asset) === 'busy')) {
        return rowState('processing', null, 'Uploaded', `progress is not shown: ${around.readDenial}`)
      }
      return asset ? assetState(asset, around) : rowState('waiting', null, 'Uploaded')
  }
}

/** Returns the state of one that is not sent yet, or not any more and soon again. */
function waitingState({ byteSize, isRepeated }: UploadItem, reason: string | null): RowState {
  if (reason) return rowState('waiting', null, 'Waiting', reason)
  if (isRepeated) return rowState('waiting', null, 'Waiting', 'the connection was lost, trying again')
  return rowState('waiting', null, 'Waiting in the queue', humanBytes(byteSize))
}

const percentOf = ({ sentBytes, byteSize }: UploadItem) => Math.floor(100 * Math.min(1, sentBytes / byteSize))

/** Returns the state of an upload that ended with the page in which it began. */
function interruptedState(item: UploadItem): RowState {
  const percent = percentOf(item)
  const advice = 'choose the same file to continue'
  if (percent === 0) return rowState('interrupted', null, 'Interrupted', advice)
  return rowState('interrupted', percent, `Interrupted at ${percent} %`, advice)
}

function sendingState(item: UploadItem, { hold }: ServiceConditions): RowState {
  const percent = percentOf(item)
  if (hold === 'offline') return rowState('uploading', percent, `Interrupted at ${percent} %`, HOLD_REASONS.offline)
  if (item.isStalled)
    return rowState('uploading', percent, `Stalled at ${percent} %`, 'the connection is lost or very slow')
  return rowState('uploading', percent, `Uploading ${percent} %`, humanBytesOf(item.sentBytes, item.byteSize))
}

/** Nothing happens to these by itself. */
const AT_REST: readonly RowStatus[] = ['ready', 'partial', 'failed', 'interrupted', 'paused']

/** Describes how many rows are ready; null while nothing is under way. */
export function standingOf(rows: readonly RowState[]): string | null {
  if (rows.every(({ status }) => AT_REST.includes(status))) return null
  return `${rows.filter(isThere).length} of ${rows.length} ready`
}

/** Tells whether a row has something to show. */
export const isThere = ({ status }: RowState): boolean => status === 'ready' || status === 'partial'

/** Tells whether nothing more happens to a row: its file is in the library, or never will be. */
export const isFinished = (rowState: RowState): boolean =>
  isThere(rowState) || (rowState.failure !== null && !canRetry(rowState.failure))

/** Tells whether a retry can help. */
export const canRetry = (failure: Failure): boolean => advise(failure).redo !== null

/** Returns the same for an asset of the library. */
export function assetState(asset: Asset, around = NORMAL_CONDITIONS): RowState {
  const { status } = asset
  const variants = asset.variants.filter(variant => variant.status !== 'skipped')
  const made = variants.filter(variant => variant.status === 'ready').length
  switch (status) {
    case 'ready':
      return rowState('ready', 100, 'Ready', counted(asset, made))
    case 'partial':
      return rowState('partial', 100, 'Partly ready', `${made} of ${counted(asset, variants.length)}`)
    case 'awaiting_upload':
      return rowState('waiting', null, 'Waiting for the file')
    case 'processing':
      return processingState(asset, around)
    default:
      return { ...rowState('failed', null, 'Failed'), failure: assetFailure(asset) }
  }
}

const rowState = (
  status: RowStatus,
  progress: number | null,
  label: string,
  particulars: string | null = null,
): RowState => ({
  status,
  progress,
  label,
  text: particulars ? `${label} · ${particulars}` : label,
  failure: null,
})

const counted = (asset: Asset, count: number) => `${count} ${variantsName(asset)}${count === 1 ? '' : 's'}`

/** Returns the state of a file in processing. A waiting file has no progress, and says what it waits for. */
function processingState(asset: Asset, around: ServiceConditions): RowState {
  const { job, progress } = asset
  const news = staleness(around)
  if (job?.status === 'running') {
    const percent = Math.floor(100 * Math.min(1, job.progress))
    return rowState('processing', percent, `Processing ${percent} %`, news ?? listed(stageOf(job.stage), leftOf(asset)))
  }
  const kind = kindOfAsset(asset)
  if (kind && around.pausedKinds.includes(kind)) {
    return rowState('waiting', null, 'Paused', 'waiting until processing resumes')
  }
  if (job?.error) return rowState('waiting', null, 'Waiting', news ?? listed('retry scheduled', leftOf(asset)))
  if (job?.status === 'queued')
    return rowState('waiting', null, 'Waiting', news ?? listed('in the queue', leftOf(asset)))
  const percent = Math.floor(100 * progress)
  return rowState('processing', percent, `Processing ${percent} %`, news)
}

/** Returns the text for an asset while no news can arrive. */
const staleness = ({ hold }: ServiceConditions): string | null =>
  hold === 'offline' || hold === 'silent' ? `last known state, ${HOLD_REASONS[hold]}` : null

const stageOf = (stage: string | null): string | null => stage && (STAGES[stage] ?? `making ${stage}`)

const leftOf = ({ estimatedReadyAt }: Asset): string | null =>
  estimatedReadyAt && humanLeft(Date.parse(estimatedReadyAt) - Date.now())

const listed = (...parts: (string | null)[]): string | null => parts.filter(part => part !== null).join(', ') || null

function assetFailure({ status, error }: Asset): Failure {
  if (error) return { code: error.code, detail: error.message, step: 'process', retryable: error.retryable }
  if (status === 'expired') {
    return {
      code: 'UPLOAD_EXPIRED',
      detail: 'The upload was not completed in time.',
      step: 'process',
      retryable: false,
    }
  }
  return { code: 'ASSET_DELETED', detail: 'It was deleted.', step: 'process', retryable: false }
}
