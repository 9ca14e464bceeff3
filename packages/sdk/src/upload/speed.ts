const WINDOW_MS = 10_000
const SAMPLE_MS = 100
/** Less time than this tells nothing. */
const LEAST_MS = 200

/** Measures how fast bytes go over the last ten seconds. */
export function createSpeed(now: () => number = Date.now) {
  let samples: { atMs: number; sentBytes: number }[] = []

  /** Returns bytes a second; null before there is anything to measure. */
  return (sentBytes: number): number | null => {
    const atMs = now()
    const last = samples.at(-1)
    // A part that begins again has sent less than before.
    if (last && sentBytes < last.sentBytes) samples = []
    if (!last || atMs - last.atMs >= SAMPLE_MS) {
      samples = [...samples.filter(sample => atMs - sample.atMs <= WINDOW_MS), { atMs, sentBytes }]
    }
    const [first] = samples
    const ms = first ? atMs - first.atMs : 0
    return first && ms >= LEAST_MS ? ((sentBytes - first.sentBytes) / ms) * 1000 : null
  }
}
