import type { HistoryRange } from '@darkroom/contracts'

/** The spans that charts show, in words. */
export const RANGES: Record<HistoryRange, string> = {
  '1h': '1 hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
}
