import type { Logger } from '@darkroom/core'

const QUIET_MS = 10_000

/**
 * Creates a handler for the `error` events of connections. A server that is down raises many a second, so a message is
 * logged once and then at most every 10 s, with the number of those left out.
 */
export function createErrorLog(logger: Logger, backend: string): (error: unknown) => void {
  const seen = new Map<string, { atMs: number; leftOut: number }>()
  return error => {
    const key = error instanceof Error ? error.message : String(error)
    const last = seen.get(key)
    if (last !== undefined && Date.now() - last.atMs < QUIET_MS) {
      last.leftOut++
      return
    }
    if (seen.size > 100) seen.clear()
    seen.set(key, { atMs: Date.now(), leftOut: 0 })
    logger.warn({ err: error, backend, leftOut: last?.leftOut ?? 0 }, 'queue backend error')
  }
}
