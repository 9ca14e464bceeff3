import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFolderMemory } from '../src/node/folder-memory.ts'

const record = (expiresAt: number) => ({ uploadId: 'u', assetId: 'a', token: null, finishedAt: null, expiresAt })

it('removes records that have expired or are damaged, and keeps the others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-memory-'))
  try {
    const memory = createFolderMemory(folder)
    const later = Date.now() + 60_000
    await writeFile(join(folder, 'damaged.json'), '{"uploadId":"u","ass')
    await writeFile(join(folder, 'strange.json'), 'null')
    await writeFile(join(folder, 'expired.json'), JSON.stringify(record(1)))
    expect(await memory.read('strange')).toBe(null)
    await memory.write('kept', record(later))
    await memory.write('written', record(later))
    expect((await readdir(folder)).toSorted()).toEqual(['kept.json', 'written.json'])
    expect(await memory.read('kept')).toEqual(record(later))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('reads what is remembered once, however many files a folder has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-memory-'))
  try {
    const memory = createFolderMemory(folder)
    await memory.write('first', record(Date.now() + 60_000))
    await writeFile(join(folder, 'expired.json'), JSON.stringify(record(1)))
    await memory.write('second', record(Date.now() + 60_000))
    expect((await readdir(folder)).toSorted()).toEqual(['expired.json', 'first.json', 'second.json'])
    await createFolderMemory(folder).write('third', record(Date.now() + 60_000))
    expect((await readdir(folder)).toSorted()).toEqual(['first.json', 'second.json', 'third.json'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('writes over a record, whether the new one is longer, shorter or larger than a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-memory-'))
  try {
    const memory = createFolderMemory(folder)
    const expiresAt = Date.now() + 60_000
    for (const length of [10, 200, 3, 5000, 1, 6000]) {
      const upload = { ...record(expiresAt), uploadId: 'ü'.repeat(length) }
      await memory.write('one', upload)
      expect(await memory.read('one')).toEqual(upload)
    }
    expect(await readdir(folder)).toEqual(['one.json'])
    await memory.forget('one')
    expect(await memory.read('one')).toBe(null)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
