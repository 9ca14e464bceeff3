import { QUEUE_NAMES } from '@darkroom/contracts'
import { ConfigError } from '@darkroom/core'
import { z } from 'zod'

/** Where the queues live. */
export type QueueBackendConfig = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string; poolMax?: number }

/** Each worker holds one connection for LISTEN; the rest is for queries. */
export const DEFAULT_POOL_MAX = 2 * QUEUE_NAMES.length + 6

/** The environment of the queue: Redis when `REDIS_URL` is set, else the Postgres of `DATABASE_URL`. */
export const QueueConfig = z.object({
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'expected a URL redis://… or rediss://…' })
    .optional()
    .describe('Redis for the job queue. Without it the queue lives in Postgres.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected a URL postgres://… or postgresql://…' })
    .optional()
    .describe('Postgres; also holds the job queue when REDIS_URL is not set.'),
  DATABASE_QUEUE_POOL_MAX: z.coerce
    .number({ error: 'expected a number' })
    .int('expected a whole number')
    .min(3, 'expected at least 3')
    .default(DEFAULT_POOL_MAX)
    .describe('Connections per process for the job queue in Postgres: one per worker and a few.'),
})
export type QueueConfig = z.output<typeof QueueConfig>

/**
 * The backend that a configuration names.
 * @throws ConfigError when it names none
 */
export function queueBackend(config: Partial<QueueConfig>): QueueBackendConfig {
  if (config.REDIS_URL !== undefined) return { kind: 'redis', url: config.REDIS_URL }
  if (config.DATABASE_URL === undefined)
    throw new ConfigError(['DATABASE_URL: expected a URL postgres://…, since REDIS_URL is not set either'])
  return { kind: 'postgres', url: config.DATABASE_URL, poolMax: config.DATABASE_QUEUE_POOL_MAX ?? DEFAULT_POOL_MAX }
}
