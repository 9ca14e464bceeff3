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
})
