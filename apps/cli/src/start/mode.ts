import type { Env } from './embedded.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/** Whether a variable names an object store of the outside world; the secret of its events alone names none. */
export const usesRealStore = (env: Env): boolean =>
  Object.entries(env).some(([name, value]) => value && name.startsWith('B2_') && name !== 'B2_EVENT_SECRET')

/**
 * Local mode has a key that everybody knows; it is on only while nothing of the outside world is configured and the
 * listener is loopback.
 */
export function isLocalMode(env: Env): boolean {
  const isConfigured = Boolean(env.DATABASE_URL || env.PUBLIC_URL) || usesRealStore(env)
  return !isConfigured && LOOPBACK.has(env.HOST || '127.0.0.1')
}
