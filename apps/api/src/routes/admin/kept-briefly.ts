import type { Clock } from '@darkroom/core'

/** How long an answer is given again, however many pages are open. */
const KEPT_MS = 5000

/** Reads something expensive at most once in five seconds for each argument. A failure is not kept. */
export function keptBriefly<K, T>(read: (of: K) => Promise<T>, clock: Clock): (of: K) => Promise<T> {
  const kept = new Map<K, { atMs: number; answer: Promise<T> }>()
  return of => {
    const nowMs = clock.now().getTime()
    const last = kept.get(of)
    if (last && nowMs - last.atMs < KEPT_MS && nowMs >= last.atMs) return last.answer
    const answer = read(of)
    kept.set(of, { atMs: nowMs, answer })
    answer.catch(() => kept.delete(of))
    return answer
  }
}
