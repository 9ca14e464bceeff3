import type { Env } from './embedded.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/**
 * Local mode has a key that everybody knows; it is on only while nothing of the outside world is configured and the
 * listener is loopback.
 */
export function isLocalMode(env: Env): boolean {
  const isConfigured = Object.entries(env).some(
    ([name, value]) => value && (name === 'DATABASE_URL' || name === 'PUBLIC_URL' || name.startsWith('B2_')),
  )
  return !isConfigured && LOOPBACK.has(env.HOST || '127.0.0.1')
}
