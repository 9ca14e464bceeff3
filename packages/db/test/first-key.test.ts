import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { insertApiKey, insertFirstApiKey, listApiKeys } from '../src/projects/index.ts'
import { openTestDatabase, useTestDatabase } from './database.ts'

const test = useTestDatabase()

const key = () => {
  const shortId = randomBytes(4).toString('hex')
  return { projectId: null, shortId, hash: shortId.padEnd(64, '0'), name: 'first', scopes: ['admin'] }
}

it('makes one first key, however many starts try at once, and none after it', async () => {
  const { db } = test.database
  const made = await Promise.all(Array.from({ length: 12 }, () => insertFirstApiKey(db, key())))
  expect(made.filter(each => each !== null)).toHaveLength(1)
  expect(await listApiKeys(db)).toHaveLength(1)
  expect(await insertFirstApiKey(db, key())).toBeNull()
})

it('makes none where there is a key of a project', async () => {
  const other = await openTestDatabase()
  try {
    await insertApiKey(other.database.db, { ...key(), projectId: other.projectId })
    expect(await insertFirstApiKey(other.database.db, key())).toBeNull()
  } finally {
    await other.drop()
  }
})
