import { placeOf, type WaitOptions, waitFor } from '@darkroom/core'
import { isDatabaseUnavailable } from '../client/errors.ts'
import { withConnection } from '../client/wait-for-database.ts'
import { isMigrated } from './migrate.ts'

/**
 * Waits until somebody has brought the database to the schema of this version.
 * @throws ConfigError when nobody does in time
 */
export const waitForSchema = (url: string, options: WaitOptions): Promise<void> =>
  waitFor(
    {
      name: 'the schema of this version',
      variable: 'DATABASE_URL',
      place: placeOf(url),
      advice: 'Create it with `npx darkroom migrate`',
      probe: () =>
        withConnection(url, async database => {
          if (!(await isMigrated(database.db))) throw new NoSchema('`npx darkroom migrate` creates it')
        }),
      isTransient: error => error instanceof NoSchema || isDatabaseUnavailable(error),
    },
    options,
  )

class NoSchema extends Error {}
