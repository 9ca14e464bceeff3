import { z } from 'zod'

/** `DATABASE_URL`: any Postgres 14 or newer. */
export const DatabaseConfig = z.object({
  DATABASE_URL: z
    .string({ error: 'expected a Postgres URL, for example postgres://user:password@host:5432/darkroom' })
    .regex(/^postgres(ql)?:\/\//, 'expected a URL that starts with postgres://')
    .describe('Postgres 14 or newer. Without it, `darkroom start` uses an embedded Postgres.'),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(10)
    .describe(
      'Size of the connection pool of each process (API, worker). Each has 2 connections besides. With the queue in Postgres, each has up to 7 more (`DATABASE_QUEUE_POOL_MAX`).',
    ),
  DATABASE_STATEMENT_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(15)
    .describe(
      'Timeout of a statement, and of an idle transaction, in seconds. Counts over whole tables have no timeout. A connection that is silent for 10 s longer is closed.',
    ),
})
