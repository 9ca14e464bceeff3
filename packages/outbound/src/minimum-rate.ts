import { appError } from '@darkroom/contracts'

/** How fast bytes have to come, on the average of each window. */
export interface MinimumRate {
  windowMs: number
  minBytesPerSec: number
}

/**
 * Watches that bytes come fast enough: who sends one now and then keeps a slot that others need. Call it with each chunk's
 * length. It sees only what comes; that nothing comes at all is for a timer to see.
 * @throws URL_TIMEOUT
 */
export function watchMinimumRate(
  { windowMs, minBytesPerSec }: MinimumRate,
  now: () => number = () => performance.now(),
): (bytes: number) => void {
  let since = now()
  let seen = 0
  return bytes => {
    seen += bytes
    const elapsedMs = now() - since
    if (elapsedMs < windowMs) return
    if (seen < (minBytesPerSec * elapsedMs) / 1000)
      throw appError('URL_TIMEOUT', `The host sends less than ${minBytesPerSec} bytes per second.`)
    since = now()
    seen = 0
  }
}
