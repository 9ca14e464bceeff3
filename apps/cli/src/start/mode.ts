import type { Env } from './embedded.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/** Tells whether the environment configures an external object store. `B2_EVENT_SECRET` alone does not. */
export const usesRealStore = (env: Env): boolean =>
  Object.entries(env).some(([name, value]) => value && name.startsWith('B2_') && name !== 'B2_EVENT_SECRET')

/**
 * Tells whether local mode is on. It has a key that everybody knows, so it is on only while no external service is
 * configured and the server listens on loopback.
 */
export function isLocalMode(env: Env): boolean {
  const isConfigured = Boolean(env.DATABASE_URL || env.PUBLIC_URL) || usesRealStore(env)
  return !isConfigured && LOOPBACK.has(env.HOST || '127.0.0.1')
}
