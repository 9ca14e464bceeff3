import type { Failure } from './failure.ts'
import type { RememberedUpload } from './upload-memory.ts'

/**
 * Where a file stands as far as this page is concerned. Once the upload is confirmed the asset tells the rest.
 *
 *     waiting → sending → confirming → following
 *     sending → waiting, where the connection broke
 *     interrupted → waiting, once the same file was chosen again after a reload
 *     any of the first three → failed → waiting (send again) | confirming (ask again)
 */
export type Phase = 'interrupted' | 'waiting' | 'sending' | 'confirming' | 'following' | 'failed'

export interface UploadItem {
  /** Of this page only. */
  id: string
  name: string
  byteSize: number
  contentType: string
  /** Null after a reload, until it is chosen again. */
  file: File | null
  /** What was kept of it over a reload. */
  remembered: RememberedUpload | null
  phase: Phase
  /** Of `POST /v1/uploads`; a new one for a new upload, so that a lost answer does not make a second asset. */
  idempotencyKey: string
  uploadId: string | null
  assetId: string | null
  /** When the service gives the upload up, as far as that is known. */
  expiresAt: string | null
  sentBytes: number
  /** Its bytes have stopped moving. */
  isStalled: boolean
  failure: Failure | null
}

/** Its bytes are still on their way, or wait for that. */
export const isUnderWay = ({ phase }: UploadItem): boolean =>
  phase === 'waiting' || phase === 'sending' || phase === 'confirming'

export type UploadEvent =
  | { type: 'signed'; uploadId: string; assetId: string; expiresAt: string | null }
  | { type: 'progressed'; sentBytes: number }
  | { type: 'stalled' }
  | { type: 'interrupted' }
  | { type: 'continued'; file: File }
  | { type: 'sent' }
  | { type: 'confirmed' }
  | { type: 'failed'; failure: Failure }
  | { type: 'retried'; from: 'waiting' | 'confirming' }
  | { type: 'restarted'; idempotencyKey: string }

const FROM: Record<UploadEvent['type'], readonly Phase[]> = {
  signed: ['waiting'],
  progressed: ['sending'],
  stalled: ['sending'],
  interrupted: ['sending', 'waiting'],
  continued: ['interrupted'],
  sent: ['sending'],
  confirmed: ['confirming'],
  failed: ['waiting', 'sending', 'confirming'],
  retried: ['failed'],
  restarted: ['failed'],
}

/** Returns the item after an event. An event that does not fit the phase came late and changes nothing. */
export function nextItem(item: UploadItem, event: UploadEvent): UploadItem {
  return FROM[event.type].includes(item.phase) ? apply(item, event) : item
}

function apply(item: UploadItem, event: UploadEvent): UploadItem {
  switch (event.type) {
    case 'signed':
      return {
        ...item,
        phase: 'sending',
        uploadId: event.uploadId,
        assetId: event.assetId,
        expiresAt: event.expiresAt ?? item.expiresAt,
        sentBytes: 0,
        isStalled: false,
      }
    case 'progressed':
      return { ...item, sentBytes: event.sentBytes, isStalled: false }
    case 'stalled':
      return { ...item, isStalled: true }
    case 'interrupted':
      return { ...item, phase: item.file ? 'waiting' : 'interrupted', sentBytes: 0, isStalled: false }
    case 'continued':
      return { ...item, phase: 'waiting', file: event.file, sentBytes: 0 }
    case 'sent':
      return { ...item, phase: 'confirming', sentBytes: item.byteSize }
    case 'confirmed':
      return { ...item, phase: 'following' }
    case 'failed':
      return { ...item, phase: 'failed', failure: event.failure }
    case 'retried':
      return { ...item, phase: event.from, failure: null, sentBytes: event.from === 'waiting' ? 0 : item.sentBytes }
    case 'restarted':
      return {
        ...item,
        phase: 'waiting',
        failure: null,
        sentBytes: 0,
        uploadId: null,
        assetId: null,
        expiresAt: null,
        idempotencyKey: event.idempotencyKey,
      }
  }
}
