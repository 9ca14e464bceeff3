import type { Results, Target } from './results.ts'

const OF_LIMIT = 0.9
const TIMES_IPX = 1.2
const PREVIEW_OVERHEAD_MS = 120

/** What was promised, and what was found. */
export function judge({ contenders, firstPreview }: Pick<Results, 'contenders' | 'firstPreview'>): Target[] {
  const darkroom = contenders.find(({ id }) => id === 'darkroom')
  if (!darkroom) throw new Error('Darkroom did not run')
  const { sharpMs, poolMs, publishedMs } = firstPreview
  return [
    atLeast('images/s, of the limit', darkroom.timesLimit, OF_LIMIT),
    atLeast('images/s, times ipx', darkroom.timesIpx, TIMES_IPX),
    atMost('first preview, file announced, over sharp alone', poolMs - sharpMs, PREVIEW_OVERHEAD_MS, 'ms'),
    atMost('first preview, published, over sharp alone', publishedMs - sharpMs, PREVIEW_OVERHEAD_MS, 'ms'),
  ]
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
