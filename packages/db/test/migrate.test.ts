import { StartupError } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrateDatabase, waitForSchema } from '../src/migrate/index.ts'
import { confirmedAsset, openTestDatabase, type TestDatabase } from './database.ts'

let test: TestDatabase
beforeEach(async () => {
  test = await openTestDatabase()
})
afterEach(() => test.drop())

const applied = () => test.database.db.execute(sql`SELECT * FROM darkroom_migrations.__drizzle_migrations`)
const assets = () => test.database.db.execute(sql`SELECT id, status FROM assets`)

describe('migrateDatabase', () => {
  it('lets any number of processes migrate at once', async () => {
    await expect(Promise.all([1, 2, 3].map(() => migrateDatabase(test.url)))).resolves.toHaveLength(3)
  })
})

describe('a database of an earlier development version', () => {
  /** The last migration of the chain that was made into one. */
  const LAST_OF_EARLIER = 1795399923255
  const told = {
    message: expect.stringMatching(/^This database was created by an earlier development version of Darkroom .*\.$/),
  }

  beforeEach(async () => {
    await confirmedAsset(test)
    await test.database.db.execute(
      sql`UPDATE darkroom_migrations.__drizzle_migrations SET created_at = ${LAST_OF_EARLIER}`,
    )
  })

  it('is refused in a line, and left as it is', async () => {
    const before = { applied: [...(await applied())], assets: [...(await assets())] }
    const refused = migrateDatabase(test.url)
    await expect(refused).rejects.toBeInstanceOf(StartupError)
    await expect(refused).rejects.toMatchObject(told)
    expect({ applied: [...(await applied())], assets: [...(await assets())] }).toEqual(before)
    expect(before.assets).toHaveLength(1)
  })

  it('is not waited for', async () => {
    const options = { maxWaitMs: 60_000, signal: AbortSignal.timeout(30_000) }
    await expect(waitForSchema(test.url, options)).rejects.toMatchObject(told)
  })
})
