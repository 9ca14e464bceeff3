import { z } from 'zod'

/** `DATABASE_URL`: any Postgres 14 or newer. */
export const DatabaseConfig = z.object({
  DATABASE_URL: z
    .string({ error: 'expected a Postgres URL, for example postgres://user:password@host:5432/darkroom' })
    .regex(/^postgres(ql)?:\/\//, 'expected a URL that starts with postgres://')
    .describe('Postgres 14 or newer. Without it `darkroom start` brings its own.'),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(10)
    .describe('Connections to Postgres, at most, of each of API and worker.'),
  DATABASE_STATEMENT_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(15)
    .describe(
      'Longest that a statement of API or worker may take, and that a transaction may do nothing, in seconds. Counts over whole tables have no limit. A connection that is silent for 10 s more is given up.',
    ),
})
