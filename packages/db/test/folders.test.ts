import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { foldFolders, listFolders } from '../src/assets/index.ts'
import { startDeletion } from '../src/deletion/index.ts'
import { ensureProject } from '../src/projects/index.ts'
import { useTestDatabase } from './database.ts'

const test = useTestDatabase()

const db = () => test.database.db
const fold = (limit = 100) => db().transaction(tx => foldFolders(tx, limit))

async function project() {
  const { id: projectId } = await ensureProject(db(), newId())
  const add = async (folder: string) => {
    const id = newId()
    await db().execute(sql`
      INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size, folder)
      VALUES (${id}, ${projectId}, ${test.presetId}, 'a.jpg', 'image/jpeg', 1, ${folder})`)
    return id
  }
  const move = (id: string, folder: string) => db().execute(sql`UPDATE assets SET folder = ${folder} WHERE id = ${id}`)
  const list = async (prefix = '', after: string | null = null, limit = 100) =>
    (await listFolders(db(), projectId, { prefix, after, limit })).map(({ name, count }) => [name, count])
  const totals = () => db().execute(sql`SELECT parent, name, assets FROM folder_totals WHERE project_id = ${projectId}`)
  return { add, move, list, totals }
}

it('folders are counted exactly, whatever of the changes is folded', async () => {
  const { add, move, list, totals } = await project()
  const first = await add('a/b')
  const second = await add('a/c/d')
  await add('z')
  const counts = async () => [await list(), await list('a'), await list('a/c')]
  const before = [
    [
      ['a', 2],
      ['z', 1],
    ],
    [
      ['b', 1],
      ['c', 1],
    ],
    [['d', 1]],
  ]
  expect(await counts()).toEqual(before)
  await fold(2)
  expect(await counts()).toEqual(before)
  await fold()
  expect(await counts()).toEqual(before)
  await move(first, 'a/c/d')
  await db().transaction(tx => startDeletion(tx, second))
  const after = [
    [
      ['a', 1],
      ['z', 1],
    ],
    [['c', 1]],
    [['d', 1]],
  ]
  expect(await counts()).toEqual(after)
  await fold()
  expect(await counts()).toEqual(after)
  // A folder without assets is none, and leaves nothing to be read past.
  expect((await totals()).map(row => row.name).sort()).toEqual(['a', 'c', 'd', 'z'])
})

it('folders go page by page over what is folded and what is not', async () => {
  const { add, list } = await project()
  for (const folder of ['b', 'd', 'B']) await add(folder)
  await fold()
  for (const folder of ['a', 'c', 'b']) await add(folder)
  expect(await list('', null, 3)).toEqual([
    ['B', 1],
    ['a', 1],
    ['b', 2],
  ])
  expect(await list('', 'b', 3)).toEqual([
    ['c', 1],
    ['d', 1],
  ])
})

it('any number of processes fold at once, and count every change once', async () => {
  const { add, move, list, totals } = await project()
  const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => add(`x/${n % 3}`)))
  await Promise.all([...ids.map((id, n) => move(id, `y/${n % 2}`)), ...Array.from({ length: 8 }, () => fold(7))])
  while ((await fold()) > 0);
  expect([await list(), await list('y')]).toEqual([
    [['y', 30]],
    [
      ['0', 15],
      ['1', 15],
    ],
  ])
  expect(await totals()).toHaveLength(3)
})

it('of two transactions that move assets of one folder neither waits for the other', async () => {
  const { add, move } = await project()
  const [one, two] = [await add('busy'), await add('busy')]
  await db().transaction(async tx => {
    await tx.execute(sql`UPDATE assets SET folder = 'other' WHERE id = ${one}`)
    await move(two, 'other')
  })
})
