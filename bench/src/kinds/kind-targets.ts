import type { Target } from '../results.ts'
import { atLeast, atMost } from '../targets.ts'
import type { AvifDelay } from './avif-delay.ts'
import type { BigVideo } from './big-video.ts'
import type { Comparison } from './compare.ts'

const OF_BARE = 0.9
/** Later than without AVIF by no more than what a run differs from the next anyway. */
const AVIF_DELAY_MS = 15
const WORKER_MIB = 300
const MIB = 1024 * 1024

interface Found {
  kinds: readonly Comparison[]
  avif: AvifDelay | null
  big: BigVideo | null
}

export function kindTargets({ kinds, avif, big }: Found): Target[] {
  const delayMs = avif ? avif.firstPreviewMs.with.median - avif.firstPreviewMs.without.median : 0
  return [
    ...kinds.map(({ kind, ratio }) => atLeast(`${kind}, of the bare tool`, ratio.median, OF_BARE)),
    ...(avif ? [atMost('first preview, later with AVIF in the preset', delayMs, AVIF_DELAY_MS, 'ms')] : []),
    ...(big ? [atMost('worker with a video of 2 GB', big.worker.peakBytes / MIB, WORKER_MIB, 'MiB')] : []),
  ]
}
