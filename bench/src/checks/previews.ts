import type { Asset } from '@darkroom/contracts'
import { percentile } from '../measure/statistics.ts'

/** Milliseconds from confirm to the first published variant. */
export interface PreviewTimes {
  p50: number
  p95: number
  count: number
}

export function previewMs({ id, confirmedAt, firstPreviewAt }: Asset): number {
  if (!confirmedAt || !firstPreviewAt) throw new Error(`asset ${id} has no preview`)
  return Date.parse(firstPreviewAt) - Date.parse(confirmedAt)
}

export function previewTimes(assets: readonly Asset[]): PreviewTimes {
  const times = assets.map(previewMs)
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), count: times.length }
}
