import { ConfigError, placeOf } from '@darkroom/core'
import { z } from 'zod'
import { parseRedisUrl, RedisUrlError } from './redis-address.ts'

/** Where the queues live. */
export type QueueBackendConfig = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string; poolMax?: number }

/** A process with workers listens on one connection; the rest is for queries. */
export const DEFAULT_POOL_MAX = 7

/** The environment of the queue, besides that of the database. */
export const QueueConfig = z.object({
  REDIS_URL: z
    .string()
    .superRefine((url, context) => {
      const message = faultOf(url)
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
    .optional()
    .describe(
      'Redis for the job queue: `redis://` or `rediss://` for one server, `redis+sentinel://` or `redis+cluster://` for several ([forms](how-to/redis.md)). Without it, the queue is in the Postgres of `DATABASE_URL`.',
    ),
  DATABASE_QUEUE_POOL_MAX: z.coerce
    .number({ error: 'expected a number' })
    .int('expected a whole number')
    .min(3, 'expected at least 3')
    .default(DEFAULT_POOL_MAX)
    .describe(
      'Maximum number of connections per process for the job queue in Postgres. A worker waits for new jobs on one of them.',
    ),
})
export type QueueConfig = z.output<typeof QueueConfig>

/**
 * Returns the backend that a configuration names: Redis when `REDIS_URL` is set, else the Postgres of `DATABASE_URL`.
 * @throws ConfigError when the queue is in a Postgres of several hosts, which its driver (`pg`) does not know
 */
export function queueBackend(
  { REDIS_URL, DATABASE_QUEUE_POOL_MAX }: QueueConfig,
  { DATABASE_URL }: { DATABASE_URL: string },
): QueueBackendConfig {
  if (REDIS_URL !== undefined) return { kind: 'redis', url: REDIS_URL }
  if (placeOf(DATABASE_URL).includes(','))
    throw new ConfigError(['DATABASE_URL: the job queue in Postgres takes one host; name one, or set REDIS_URL'])
  return { kind: 'postgres', url: DATABASE_URL, poolMax: DATABASE_QUEUE_POOL_MAX }
}

function faultOf(url: string): string | null {
  try {
    parseRedisUrl(url)
    return null
  } catch (error) {
    if (error instanceof RedisUrlError) return error.message
    throw error
  }
}
