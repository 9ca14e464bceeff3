import { setTimeout as sleep } from 'node:timers/promises'

/**
 * How long a process may act on what it read of keys and projects, in milliseconds from when it asked. See
 * docs/decisions/0043.
 */
export const AUTH_CACHE_MS = 500
/** The timers of two machines do not run quite alike. */
const MARGIN_MS = 50

/**
 * Resolves when no process acts any more on what it read of keys and projects before now. Whoever takes a right away waits
 * for it after the commit and before saying that it is done: then the next request is refused by every process.
 */
export const authCachesExpired = (): Promise<void> => sleep(AUTH_CACHE_MS + MARGIN_MS)
