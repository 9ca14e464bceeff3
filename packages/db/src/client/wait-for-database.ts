import { placeOf, type WaitOptions, waitFor } from '@darkroom/core'
import { createDatabase, type DatabaseClient } from './client.ts'
import { isDatabaseUnavailable } from './errors.ts'

/**
 * Waits until the Postgres of a URL answers.
 * @throws ConfigError when it does not in time, or refuses the user, the password or the database
 */
export const waitForDatabase = (url: string, options: WaitOptions): Promise<void> =>
  waitFor(
    {
      name: 'Postgres',
      variable: 'DATABASE_URL',
      place: placeOf(url),
      advice: 'Start it, or set another URL: postgres://user:password@host:5432/darkroom',
      probe: () => withConnection(url, database => database.ping()),
      isTransient: isDatabaseUnavailable,
    },
    options,
  )

/** Connects for a moment, with a pool of one. */
export async function withConnection(url: string, use: (database: DatabaseClient) => Promise<void>): Promise<void> {
  const database = createDatabase(url, { max: 1, applicationName: 'darkroom-start' })
  try {
    await use(database)
  } finally {
    await database.close()
  }
}
