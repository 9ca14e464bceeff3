import type { Asset, MediaKind } from '@darkroom/contracts'
import { kindOfAsset, variantsName } from '../assets/asset-kind.ts'
import { activityOf } from '../assets/follow-policy.ts'
import { humanBytes, humanBytesOf } from '../human-bytes.ts'
import { kindOf } from '../media-format.ts'
import { advise } from './advice.ts'
import type { Failure } from './failure.ts'
import type { UploadItem } from './upload-item.ts'

/** What `data-status` says of a row. */
export type RowStatus = 'waiting' | 'uploading' | 'confirming' | 'processing' | 'ready' | 'partial' | 'failed'

export interface RowView {
  status: RowStatus
  /** 0 to 100 over the whole way: sending, then processing. Null where that cannot be known. */
  progress: number | null
  /** The state in a word or two. */
  label: string
  /** The state with its particulars. */
  text: string
  failure: Failure | null
}

/** How much of the way sending is: a photo is quickly made small, a film is not. */
const SENT_PERCENT: Record<MediaKind, number> = { image: 60, document: 60, audio: 40, video: 20 }

const STAGES: Record<string, string> = {
  fetch: 'fetching the original',
  probe: 'looking at the file',
  promote: 'storing the original',
  render: 'making files',
  publish: 'publishing',
}

/** One number for one file, whichever part of the way it is on. */
export function progressOf(kind: MediaKind | null, sentShare: number, processedShare: number): number {
  const share = (value: number) => Math.min(1, Math.max(0, value))
  const sentPercent = SENT_PERCENT[kind ?? 'image']
  return Math.round(sentPercent * share(sentShare) + (100 - sentPercent) * share(processedShare))
}

/**
 * What a row shows, from what this page knows (`item`) and, once confirmed, from what the service says (`asset`), unless it
 * denies that.
 */
export function viewRow(item: UploadItem, asset: Asset | undefined, readDenial: string | null = null): RowView {
  const { sentBytes, file, failure } = item
  const sentShare = sentBytes / file.size
  const sent = progressOf(kindOf(item.contentType), sentShare, 0)
  switch (item.phase) {
    case 'waiting':
      return view('waiting', 0, 'Waiting', humanBytes(file.size))
    case 'sending': {
      const label = `Uploading ${Math.floor(sentShare * 100)} %`
      return view('uploading', sent, label, humanBytesOf(sentBytes, file.size))
    }
    case 'confirming':
      return view('confirming', sent, 'Confirming')
    case 'failed':
      return { ...view('failed', sent, 'Failed'), failure }
    case 'following':
      if (readDenial !== null && (!asset || activityOf(asset) === 'busy')) {
        return view('processing', null, 'Uploaded', `what becomes of it is not shown: ${readDenial}`)
      }
      return asset ? viewAsset(asset) : view('processing', sent, 'Processing')
  }
}

/** How many are there, in a few words; null while nothing is under way. */
export function standingOf(views: readonly RowView[]): string | null {
  const isSettled = ({ status }: RowView) => status === 'ready' || status === 'partial' || status === 'failed'
  if (views.every(isSettled)) return null
  return `${views.filter(isThere).length} of ${views.length} ready`
}

/** It has something to show. */
export const isThere = ({ status }: RowView): boolean => status === 'ready' || status === 'partial'

/** Nothing more happens to it here: it is in the library, or it never will be. */
export const isFinished = (view: RowView): boolean =>
  isThere(view) || (view.failure !== null && !canRetry(view.failure))

/** Whether doing the same again can help. */
export const canRetry = (failure: Failure): boolean => advise(failure).redo !== null

/** The same for an asset of the library. */
export function viewAsset(asset: Asset): RowView {
  const { status, job } = asset
  const variants = asset.variants.filter(variant => variant.status !== 'skipped')
  const made = variants.filter(variant => variant.status === 'ready').length
  switch (status) {
    case 'ready':
      return view('ready', 100, 'Ready', counted(asset, made))
    case 'partial':
      return view('partial', 100, 'Partly ready', `${made} of ${counted(asset, variants.length)}`)
    case 'awaiting_upload':
      return view('waiting', 0, 'Waiting for its bytes')
    case 'processing': {
      const progress = progressOf(kindOfAsset(asset), 1, job?.progress ?? 0)
      return view('processing', progress, `Processing ${progress} %`, stageText(asset))
    }
    default:
      return { ...view('failed', 100, 'Failed'), failure: assetFailure(asset) }
  }
}

const view = (
  status: RowStatus,
  progress: number | null,
  label: string,
  particulars: string | null = null,
): RowView => ({
  status,
  progress,
  label,
  text: particulars ? `${label} · ${particulars}` : label,
  failure: null,
})

const counted = (asset: Asset, count: number) => `${count} ${variantsName(asset)}${count === 1 ? '' : 's'}`

function stageText({ job }: Asset): string | null {
  if (job?.status === 'queued') return 'in the queue'
  const stage = job?.stage
  return stage ? (STAGES[stage] ?? `making ${stage}`) : null
}

function assetFailure({ status, error }: Asset): Failure {
  if (error) return { code: error.code, detail: error.message, step: 'process', retryable: error.retryable }
  if (status === 'expired') {
    return { code: 'UPLOAD_EXPIRED', detail: 'The upload was not finished in time.', step: 'process', retryable: false }
  }
  return { code: 'ASSET_DELETED', detail: 'It was deleted.', step: 'process', retryable: false }
}
