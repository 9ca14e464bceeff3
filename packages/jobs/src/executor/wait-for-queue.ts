import { placeOf, silentLogger, type WaitOptions, waitFor } from '@darkroom/core'
import type { QueueBackendConfig } from './config.ts'

/** What the next try may find changed: a server that loads its file, and one that a fail-over is about to make a primary. */
const PASSING = /^(LOADING|CLUSTERDOWN|MASTERDOWN)/
/** ioredis wraps the refusal of a Sentinel. */
const REFUSED_BY_SENTINEL = /\b(NOAUTH|WRONGPASS|NOPERM)\b/

/** Tells whether an error may pass. A server that answers with an error is up. */
const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name !== 'ReplyError' || PASSING.test(error.message)) &&
  !REFUSED_BY_SENTINEL.test(error.message)

/**
 * Waits until the Redis of the queue answers; a queue in Postgres needs nothing of its own.
 * @throws ConfigError when it does not in time, or refuses the password
 */
export async function waitForQueue(config: QueueBackendConfig, options: WaitOptions): Promise<void> {
  if (config.kind !== 'redis') return
  const advice = 'Start it, or remove REDIS_URL to keep the queue in Postgres'
  const redis = { name: 'Redis', variable: 'REDIS_URL', place: placeOf(config.url), advice, isTransient }
  await waitFor({ ...redis, probe: () => probe(config) }, options)
}

async function probe(config: { url: string }): Promise<void> {
  const { openRedis } = await import('./redis-bull.ts')
  const redis = await openRedis(config, { logger: silentLogger }, 'queues')
  try {
    await redis.ping()
  } finally {
    await redis.close()
  }
}
