import type { Row } from '../hooks/use-rows.ts'

/** Sending is most of the way of most files; what the service does afterwards is the rest. */
const SENDING_SHARE = 0.6

export interface Totals {
  /** Files that are still on their way, by either stage. */
  open: number
  paused: number
  /** 0 to 100, of sending and processing all of them, those that are done included. */
  percent: number
  sentBytes: number
  totalBytes: number
  /** When the service expects to have processed the last of them, in ms since 1970; null where it does not say. */
  processedAtMs: number | null
}

/** Adds up how far all files are; files that failed or wait for somebody count for nothing. */
export function totalsOf(rows: readonly Row[]): Totals {
  const counted = rows.filter(({ state: { status } }) => status !== 'failed' && status !== 'interrupted')
  const totalBytes = counted.reduce((sum, { item }) => sum + item.byteSize, 0)
  const done = counted.reduce((sum, row) => sum + row.item.byteSize * partDone(row), 0)
  const ends = counted.flatMap(({ asset }) =>
    asset?.status === 'processing' && asset.estimatedReadyAt ? Date.parse(asset.estimatedReadyAt) : [],
  )
  return {
    open: counted.filter(({ state: { status } }) => status !== 'ready' && status !== 'partial').length,
    paused: counted.filter(({ item }) => item.phase === 'paused').length,
    percent: totalBytes === 0 ? 100 : Math.floor((100 * done) / totalBytes),
    sentBytes: counted.reduce((sum, { item }) => sum + sentOf(item), 0),
    totalBytes,
    processedAtMs: ends.length > 0 ? Math.max(...ends) : null,
  }
}

const sentOf = ({ phase, sentBytes, byteSize }: Row['item']): number =>
  phase === 'following' ? byteSize : Math.min(sentBytes, byteSize)

function partDone({ item, state: { status, progress } }: Row): number {
  if (status === 'ready' || status === 'partial') return 1
  if (item.phase !== 'following') return item.byteSize === 0 ? 0 : (SENDING_SHARE * sentOf(item)) / item.byteSize
  return SENDING_SHARE + ((1 - SENDING_SHARE) * (progress ?? 0)) / 100
}
