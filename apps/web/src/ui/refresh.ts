import { DarkroomError } from '@darkroom/sdk'

/** How often a list is asked for anew. */
export const REFRESH_MS = 4000

/** Asking a server that is down more often than this helps nobody. */
const AFTER_ERROR_MS = 8000

/** Milliseconds until the next try, false for never: what the key may not see, and what is not there, stays so. */
export function refreshAfter(error: unknown, everyMs: number | false): number | false {
  if (!error) return everyMs
  const isFinal =
    error instanceof DarkroomError && error.status !== null && [400, 401, 403, 404, 410].includes(error.status)
  return isFinal || everyMs === false ? false : Math.max(everyMs, AFTER_ERROR_MS)
}
