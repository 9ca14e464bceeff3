import { ROW_IDS } from './contenders/row-ids.ts'
import type { ContenderResult, Results, Target } from './results.ts'

const OF_LIMIT = 0.9
const TIMES_IPX = 1.2
const PREVIEW_OVERHEAD_MS = 120

/** Compares what was promised with what was measured. */
export function judge({ contenders, firstPreview }: Pick<Results, 'contenders' | 'firstPreview'>): Target[] {
  const darkroom = rowOf(contenders, ROW_IDS.darkroom)
  const overS3 = rowOf(contenders, ROW_IDS.darkroomOverS3)
  const { sharpMs, poolMs, publishedMs } = firstPreview
  return [
    atLeast('images/s, of the limit, store over S3', overS3.timesLimit, OF_LIMIT),
    atLeast('images/s, of the limit, store in process', darkroom.timesLimit, OF_LIMIT),
    atLeast('images/s, times ipx, store over S3', overS3.timesIpx, TIMES_IPX),
    atMost('first preview, file announced, over sharp alone', poolMs - sharpMs, PREVIEW_OVERHEAD_MS, 'ms'),
    atMost('first preview, published, over sharp alone', publishedMs - sharpMs, PREVIEW_OVERHEAD_MS, 'ms'),
  ]
}

/** Finds the figures of a row. @throws Error when it did not run */
export function rowOf(contenders: readonly ContenderResult[], wanted: string): ContenderResult {
  const row = contenders.find(({ id }) => id === wanted)
  if (!row) throw new Error(`the row "${wanted}" did not run`)
  return row
}

export const atLeast = (what: string, found: number, wanted: number): Target => ({
  what,
  wanted: `≥ ${wanted}`,
  found: found.toFixed(2),
  isMet: found >= wanted,
})

export const atMost = (what: string, found: number, wanted: number, unit: string): Target => ({
  what,
  wanted: `≤ ${wanted} ${unit}`,
  found: `${found.toFixed(0)} ${unit}`,
  isMet: found <= wanted,
})
