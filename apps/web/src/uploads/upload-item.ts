import type { Failure } from './failure.ts'
import type { UploadOptions } from './upload-options.ts'

/**
 * Where a file stands as far as this page is concerned. Once the upload is confirmed the asset tells the rest.
 *
 *     waiting → sending → confirming → following
 *     sending → waiting, where the connection broke
 *     interrupted → waiting, once the same file was chosen again after a reload
 *     waiting, sending → paused → waiting
 *     any of the first three → failed → waiting (upload again) | confirming (ask again)
 */
export type Phase = 'interrupted' | 'paused' | 'waiting' | 'sending' | 'confirming' | 'following' | 'failed'

export interface UploadItem {
  /** Of this page only. */
  id: string
  name: string
  byteSize: number
  contentType: string
  /** Null after a reload, until it is chosen again. */
  file: File | null
  /** What its asset is given when it is created. */
  options: UploadOptions
  /** What the SDK remembers its upload by; null before it has begun. */
  fingerprint: string | null
  phase: Phase
  uploadId: string | null
  assetId: string | null
  sentBytes: number
  /** Its bytes have stopped moving. */
  isStalled: boolean
  /** The last attempt failed, and another one follows. */
  isRepeated: boolean
  failure: Failure | null
}

/** Its bytes are still on their way, or wait for that. */
export const isUnderWay = ({ phase }: UploadItem): boolean =>
  phase === 'waiting' || phase === 'sending' || phase === 'confirming'

interface UploadIds {
  uploadId: string | null
  assetId: string | null
}

export type UploadEvent =
  | { type: 'begun'; fingerprint: string }
  | { type: 'progressed'; ids: UploadIds; sentBytes: number; isStalled: boolean }
  | { type: 'interrupted' }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'continued'; file: File; options: UploadOptions }
  | { type: 'sent'; ids: UploadIds }
  | { type: 'confirmed'; ids: UploadIds }
  | { type: 'failed'; failure: Failure }
  | { type: 'retried'; from: 'waiting' | 'confirming' }

const FROM: Record<UploadEvent['type'], readonly Phase[]> = {
  begun: ['waiting'],
  progressed: ['waiting', 'sending'],
  interrupted: ['sending', 'waiting'],
  paused: ['waiting', 'sending'],
  resumed: ['paused'],
  continued: ['interrupted'],
  sent: ['waiting', 'sending'],
  confirmed: ['waiting', 'sending', 'confirming'],
  failed: ['waiting', 'sending', 'confirming'],
  retried: ['failed'],
}

/** Returns the item after an event. An event that does not fit the phase came late and changes nothing. */
export function nextItem(item: UploadItem, event: UploadEvent): UploadItem {
  return FROM[event.type].includes(item.phase) ? apply(item, event) : item
}

function apply(item: UploadItem, event: UploadEvent): UploadItem {
  switch (event.type) {
    case 'begun':
      return { ...item, fingerprint: event.fingerprint }
    case 'progressed':
      return {
        ...item,
        ...event.ids,
        phase: 'sending',
        sentBytes: event.sentBytes,
        isStalled: event.isStalled,
        isRepeated: false,
      }
    case 'interrupted':
      return { ...item, phase: 'waiting', sentBytes: 0, isStalled: false, isRepeated: true }
    case 'paused':
      return { ...item, phase: 'paused', isStalled: false, isRepeated: false }
    case 'resumed':
      return { ...item, phase: 'waiting' }
    case 'continued':
      return { ...item, phase: 'waiting', file: event.file, options: event.options, sentBytes: 0 }
    case 'sent':
      return { ...item, ...event.ids, phase: 'confirming', sentBytes: item.byteSize, isStalled: false }
    case 'confirmed':
      return { ...item, ...event.ids, phase: 'following' }
    case 'failed':
      return { ...item, phase: 'failed', failure: event.failure, isRepeated: false }
    case 'retried':
      return { ...item, phase: event.from, failure: null, sentBytes: event.from === 'waiting' ? 0 : item.sentBytes }
  }
}
