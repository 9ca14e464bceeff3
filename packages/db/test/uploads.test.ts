import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { findAsset, findPurgeable, markPurged, objectsOfAsset, outdatedAmong } from '../src/assets/index.ts'
import { createDatabase } from '../src/client/index.ts'
import { expireAsset, findExpiredAssets, startDeletion } from '../src/deletion/index.ts'
import { confirmUpload, createUpload, findUpload } from '../src/uploads/index.ts'
import { BYTES, confirmedAsset, newUpload, useTestDatabase } from './database.ts'

const test = useTestDatabase()

const create = (overrides?: Parameters<typeof newUpload>[1]) =>
  test.database.db.transaction(tx => createUpload(tx, newUpload(test, overrides)))

describe('a query', () => {
  it('is parsed and planned once a connection, in a transaction and out of one', async () => {
    const database = createDatabase(test.url, { max: 1 })
    const { db } = database
    const statements = async () =>
      (await db.execute<{ text: string }>(sql`SELECT statement AS text FROM pg_prepared_statements`)).map(
        row => row.text,
      )
    for (let n = 0; n < 2; n++) {
      await findAsset(db, test.projectId, test.projectId)
      await db.transaction(tx => findUpload(tx, test.projectId, test.projectId))
    }
    const [ofAssets, ofUploads] = ['from "assets" where', 'from "uploads"'].map(async part =>
      (await statements()).filter(text => text.includes(part)),
    )
    expect([await ofAssets, await ofUploads]).toEqual([[expect.any(String)], [expect.any(String)]])
    await database.close()
  })
})

describe('uploads', () => {
  it('records asset, upload and object before a byte is written', async () => {
    const { asset, upload } = await create()
    expect(asset).toMatchObject({ status: 'awaiting_upload', revision: 1, tags: ['t'] })
    const objects = await objectsOfAsset(test.database.db, asset.id)
    expect(objects).toMatchObject([{ id: upload.objectId, state: 'writing' }])
  })

  it('tells which known revisions are no longer the newest, those of assets that are gone included', async () => {
    const [{ asset: same }, { asset: other }] = [await create(), await create()]
    const known = new Map([
      [same.id, 1],
      [other.id, 7],
      [test.projectId, 1],
    ])
    const outdated = await outdatedAmong(test.database.db, known)
    expect(outdated.toSorted()).toEqual([other.id, test.projectId].toSorted())
    expect(await outdatedAmong(test.database.db, new Map())).toEqual([])
  })

  it('refuses an external id that a living asset of the project has', async () => {
    const { asset } = await create({ externalId: 'photo-1' })
    await expect(create({ externalId: 'photo-1' })).rejects.toMatchObject({ code: 'EXTERNAL_ID_TAKEN' })
    await test.database.db.transaction(tx => startDeletion(tx, asset.id))
    await expect(create({ externalId: 'photo-1' })).resolves.toBeDefined()
  })

  it('turns 50 confirms at once into one job', async () => {
    const { upload } = await create()
    const { db } = test.database
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => db.transaction(tx => confirmUpload(tx, { upload, bytes: BYTES }))),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    const found = await findUpload(db, test.projectId, upload.id)
    expect(found?.asset).toMatchObject({ status: 'processing', generation: 1, revision: 2 })
    expect(found?.object).toMatchObject({ state: 'live', versionId: 'v1' })
  })

  it('does not find the upload of another project', async () => {
    const { upload } = await create()
    expect(await findUpload(test.database.db, '01890000-0000-7000-8000-000000000000', upload.id)).toBeNull()
  })

  it('cannot be confirmed after its expiry, nor expire after its confirm', async () => {
    const { db } = test.database
    const late = await create({ expiresAt: new Date(Date.now() - 1000) })
    expect(await db.transaction(tx => confirmUpload(tx, { upload: late.upload, bytes: BYTES }))).toBeNull()
    const expired = await findExpiredAssets(db, 10)
    expect(expired.map(asset => asset.id)).toContain(late.asset.id)
    expect(await db.transaction(tx => expireAsset(tx, late.asset.id))).toMatchObject({ status: 'expired' })

    const { asset } = await confirmedAsset(test)
    expect(await db.transaction(tx => expireAsset(tx, asset.id))).toBeNull()
  })
})

describe('objects', () => {
  it('are purged at once and keep their row until nobody can write the key any more', async () => {
    const { db } = test.database
    const { asset, upload } = await create()
    await db.transaction(tx => startDeletion(tx, asset.id))
    const due = (await findPurgeable(db, 1000)).find(object => object.id === upload.objectId)
    expect(due?.state).toBe('doomed')
    expect(due?.purgeUntil?.getTime()).toBeGreaterThan(upload.presignExpiresAt.getTime() + 4 * 60_000)
    await markPurged(db, upload.objectId)
    const [kept] = await objectsOfAsset(db, asset.id)
    expect(kept?.purgeAt).toEqual(kept?.purgeUntil)
    expect((await findPurgeable(db, 1000)).map(object => object.id)).not.toContain(upload.objectId)
  })
})

describe('deletion', () => {
  it('cancels the job, raises the generation and happens once', async () => {
    const { db } = test.database
    const { asset, job } = await confirmedAsset(test)
    const started = await db.transaction(tx => startDeletion(tx, asset.id))
    expect(started?.asset).toMatchObject({ status: 'deleting', generation: 2 })
    expect(started?.job).toMatchObject({ name: 'asset.delete', generation: 2 })
    expect(started?.job.id).not.toBe(job.id)
    expect(await db.transaction(tx => startDeletion(tx, asset.id))).toBeNull()
    expect(await findAsset(db, test.projectId, asset.id)).toMatchObject({ status: 'deleting' })
  })
})
