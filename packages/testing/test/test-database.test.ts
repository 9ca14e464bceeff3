import postgres from 'postgres'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../src/index.ts'

async function withConnection<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const prepareNotes = (url: string) =>
  withConnection(url, async sql => {
    await sql`CREATE TABLE notes (text text)`
  })

it('prepares the template once for many at the same time, and gives each a database of its own', async () => {
  let prepared = 0
  const prepare = async (url: string) => {
    prepared += 1
    await prepareNotes(url)
  }
  const template = { name: 'own', prepare }
  const databases = await Promise.all(Array.from({ length: 4 }, () => createTestDatabase({ template })))
  expect(prepared).toBe(1)
  const counts = await Promise.all(
    databases.map(({ url }) =>
      withConnection(url, async sql => {
        await sql`INSERT INTO notes VALUES ('mine')`
        return sql`SELECT count(*)::int AS count FROM notes`
      }),
    ),
  )
  expect(counts.map(([row]) => row?.count)).toEqual([1, 1, 1, 1])
  await Promise.all(databases.map(({ drop }) => drop()))
})

it('drops a database that somebody is still connected to', async () => {
  const { url, drop } = await createTestDatabase({ template: { name: 'dropped', prepare: prepareNotes } })
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  await sql`SELECT 1`
  await drop()
  await sql.end({ timeout: 0 })
  await expect(withConnection(url, again => again`SELECT 1`)).rejects.toThrow(/does not exist/)
})

it('does not copy a template whose preparation failed', async () => {
  const broken = { name: 'broken', prepare: () => Promise.reject(new Error('no such migration')) }
  await expect(createTestDatabase({ template: broken })).rejects.toThrow('no such migration')
  const { url, drop } = await createTestDatabase({ template: { name: 'broken', prepare: prepareNotes } })
  expect(await withConnection(url, sql => sql`SELECT * FROM notes`)).toEqual([])
  await drop()
})
