import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { insertObjects, markObjectLive } from '../src/assets/index.ts'
import { abortUpload, expireAsset, startDeletion } from '../src/deletion/index.ts'
import {
  changeProject,
  checkQuota,
  ensureProject,
  findProject,
  foldUsage,
  readUsage,
  reconcileUsage,
  type Usage,
} from '../src/projects/index.ts'
import { confirmUpload, createUpload } from '../src/uploads/index.ts'
import { BYTES, confirmedAsset, newUpload, type TestDatabase, useTestDatabase } from './database.ts'

const test = useTestDatabase()

const db = () => test.database.db
const NOTHING: Usage = { bytes: 0, objects: 0, openBytes: 0, openUploads: 0 }

/** A project of its own, so that tests do not count each other. */
async function project(): Promise<TestDatabase> {
  const { id } = await ensureProject(db(), newId())
  return { ...test, projectId: id }
}

/** What the rows say, counted without any of what is tested. */
async function counted(projectId: string): Promise<Usage> {
  const [row] = await db().execute<Usage & Record<string, unknown>>(sql`
    SELECT (SELECT coalesce(sum(bytes), 0)::float8 FROM objects WHERE project_id = ${projectId} AND state = 'live') AS bytes,
      (SELECT count(*)::float8 FROM objects WHERE project_id = ${projectId} AND state = 'live') AS objects,
      (SELECT coalesce(sum(byte_size), 0)::float8 FROM uploads
        WHERE project_id = ${projectId} AND confirmed_at IS NULL AND aborted_at IS NULL) AS "openBytes",
      (SELECT count(*)::float8 FROM uploads
        WHERE project_id = ${projectId} AND confirmed_at IS NULL AND aborted_at IS NULL) AS "openUploads"`)
  return row ?? NOTHING
}

const foldAll = async () => {
  while ((await foldUsage(db(), 100)) > 0);
}

describe('what a project has', () => {
  it('follows an upload from its declaration to its deletion', async () => {
    const mine = await project()
    const { projectId } = mine
    const { upload } = await db().transaction(tx => createUpload(tx, newUpload(mine)))
    expect(await readUsage(db(), projectId)).toEqual({ ...NOTHING, openBytes: 10, openUploads: 1 })
    const confirmed = await db().transaction(tx => confirmUpload(tx, { upload, bytes: BYTES }))
    expect(await readUsage(db(), projectId)).toEqual({ ...NOTHING, bytes: 10, objects: 1 })
    await db().transaction(tx => startDeletion(tx, confirmed?.asset.id ?? ''))
    expect(await readUsage(db(), projectId)).toEqual(NOTHING)
  })

  it('does not count what is only being written, and counts another size of the same object', async () => {
    const mine = await project()
    const { projectId, presetId } = mine
    const { asset } = await confirmedAsset({ ...mine, presetId })
    const place = { projectId, assetId: asset.id, bucket: 'public' }
    const [object] = await insertObjects(db(), [{ ...place, key: newId() }])
    expect((await readUsage(db(), projectId)).objects).toBe(1)
    const written = { versionId: null, etag: 'e', sha256: null, contentType: 'image/webp' }
    for (const bytes of [100, 70]) {
      await markObjectLive(db(), object?.id ?? '', { ...written, bytes })
      expect(await readUsage(db(), projectId)).toMatchObject({ bytes: 10 + bytes, objects: 2 })
    }
    await db().execute(sql`DELETE FROM objects WHERE id = ${object?.id}`)
    expect(await readUsage(db(), projectId)).toMatchObject({ bytes: 10, objects: 1 })
  })

  it('forgets uploads that were given up or ran out', async () => {
    const mine = await project()
    const given = await db().transaction(tx => createUpload(tx, newUpload(mine)))
    const late = newUpload(mine, { expiresAt: new Date(Date.now() - 1000) })
    const { asset } = await db().transaction(tx => createUpload(tx, late))
    await db().transaction(tx => abortUpload(tx, given.upload))
    await db().transaction(tx => expireAsset(tx, asset.id))
    expect(await readUsage(db(), mine.projectId)).toEqual(NOTHING)
  })

  it('is not changed by a transaction that was rolled back', async () => {
    const mine = await project()
    const failing = db().transaction(async tx => {
      await createUpload(tx, newUpload(mine))
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await readUsage(db(), mine.projectId)).toEqual(NOTHING)
  })

  it('is the same before, while and after it is folded, by any number at once', async () => {
    const [mine, other] = [await project(), await project()]
    const uploads = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? other : mine))
    const reads: Usage[] = []
    await Promise.all(uploads.map(each => db().transaction(tx => createUpload(tx, newUpload(each)))))
    const before = await readUsage(db(), mine.projectId)
    await Promise.all([
      ...Array.from({ length: 8 }, () => foldUsage(db(), 7)),
      ...Array.from({ length: 8 }, async () => reads.push(await readUsage(db(), mine.projectId))),
    ])
    await foldAll()
    expect(before).toEqual({ ...NOTHING, openBytes: 400, openUploads: 40 })
    for (const read of [...reads, await readUsage(db(), mine.projectId)]) expect(read).toEqual(before)
    expect((await readUsage(db(), other.projectId)).openUploads).toBe(20)
    const [left] = await db().execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM usage_deltas`)
    expect(left?.n).toBe(0)
  })
})

it('a hundred publishes of one project at once do not wait for each other', async () => {
  const mine = await project()
  await foldAll()
  const { asset } = await confirmedAsset(mine)
  const place = { projectId: mine.projectId, assetId: asset.id, bucket: 'public' }
  const rows = await insertObjects(
    db(),
    Array.from({ length: 100 }, () => ({ ...place, key: newId() })),
  )
  const written = { versionId: null, etag: 'e', bytes: 5, sha256: null, contentType: 'image/webp' }
  const [first, ...others] = rows
  // One that has published and does not commit holds up none of the others, nor whoever folds and reads.
  await db().transaction(async tx => {
    await markObjectLive(tx, first?.id ?? '', written)
    await Promise.all(others.map(({ id }) => db().transaction(other => markObjectLive(other, id, written))))
    await foldAll()
    expect(await readUsage(db(), mine.projectId)).toMatchObject({ bytes: 10 + 99 * 5, objects: 100 })
  })
  expect(await readUsage(db(), mine.projectId)).toMatchObject({ bytes: 10 + 100 * 5, objects: 101 })
}, 30_000)

describe('reconciling', () => {
  it('finds nothing to correct where everything was counted', async () => {
    await db().transaction(reconcileUsage)
    await confirmedAsset(await project())
    await foldUsage(db(), 1)
    expect(await db().transaction(reconcileUsage)).toEqual([])
  })

  it('counts what stood before anybody counted, and takes off what is not there', async () => {
    const mine = await project()
    await confirmedAsset(mine)
    await foldAll()
    await db().execute(sql`DELETE FROM usage_totals WHERE project_id = ${mine.projectId}`)
    const nobody = newId()
    await db().execute(sql`INSERT INTO usage_totals (project_id, bytes, objects) VALUES (${nobody}, 7, 1)`)
    const corrections = await db().transaction(reconcileUsage)
    expect(corrections.toSorted((a, b) => b.bytes - a.bytes)).toEqual([
      { projectId: mine.projectId, ...NOTHING, bytes: 10, objects: 1 },
      { projectId: nobody, ...NOTHING, bytes: -7, objects: -1 },
    ])
    expect(await readUsage(db(), mine.projectId)).toEqual(await counted(mine.projectId))
    expect(await readUsage(db(), nobody)).toEqual(NOTHING)
  })

  it('is exact while others upload, publish, delete and fold, and twice at once corrects once', async () => {
    const mine = await project()
    await db().execute(sql`INSERT INTO usage_totals (project_id, bytes) VALUES (${mine.projectId}, 1000)`)
    const live = async (isKept: boolean) => {
      const { asset } = await confirmedAsset(mine)
      if (!isKept) await db().transaction(tx => startDeletion(tx, asset.id))
    }
    const kinds = [
      () => db().transaction(reconcileUsage),
      () => foldUsage(db(), 5),
      () => live(true),
      () => live(false),
    ]
    await Promise.all(Array.from({ length: 10 }, () => kinds.map(act => act())).flat())
    expect((await counted(mine.projectId)).objects).toBe(10)
    expect(await readUsage(db(), mine.projectId)).toEqual(await counted(mine.projectId))
    expect(await db().transaction(reconcileUsage)).toEqual([])
  })
})

describe('a quota', () => {
  it('is checked one after the other in a project, and not at all where there is none', async () => {
    const [limited, free] = [await project(), await project()]
    await changeProject(db(), limited.projectId, { quotaBytes: 15 })
    const create = async (mine: TestDatabase) => {
      const row = await findProject(db(), mine.projectId)
      if (!row) throw new Error('it is there')
      return db().transaction(async tx => {
        await checkQuota(tx, row, 10)
        return createUpload(tx, newUpload(mine))
      })
    }
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => create(limited)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'QUOTA_EXCEEDED' })
    const others = await Promise.allSettled(Array.from({ length: 10 }, () => create(free)))
    expect(others.every(({ status }) => status === 'fulfilled')).toBe(true)
  })
})
