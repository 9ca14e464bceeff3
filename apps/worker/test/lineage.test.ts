import { createHash, randomBytes } from 'node:crypto'
import { silentLogger } from '@darkroom/core'
import { summarizeAssets } from '@darkroom/db/assets'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { startDeletion } from '@darkroom/db/deletion'
import { beginManifest, findLineageBehind, prepareRebuild } from '@darkroom/db/lineage'
import { migrateDatabase } from '@darkroom/db/migrate'
import { openAlarms } from '@darkroom/db/operations'
import { manifestKey, originalKey, revisionOfManifest } from '@darkroom/storage'
import { createTestDatabase, insertManyAssets } from '@darkroom/testing'
import { isLongForm } from '@darkroom/testing/samples'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { rebuildDatabase } from '../src/lineage/rebuild.ts'
import { verifySampleDaily } from '../src/maintenance/verify-sample-daily.ts'
import { writeManifests } from '../src/maintenance/write-manifests.ts'
import { verifySample } from '../src/verify-objects.ts'
import {
  type Bed,
  expectStoreAndRowsAgree,
  PRIVATE_BUCKET,
  purgeSecondPass,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
  useWorker,
} from './harness.ts'

/** One in fourteen is not ready, and has no manifest: in the long form 10,000 are rebuilt. */
const MANY = isLongForm ? 10_900 : 50

type Deps = Parameters<typeof writeManifests.run>[0]
const engines = { sharp: '1', libvips: '2', ffmpeg: null }
/** What the tasks read of what a worker stands on. */
const depsOf = (bed: Bed) =>
  ({
    ...bed,
    logger: silentLogger,
    settings: { manifestDelaySec: 0, engines, verifyDailyFiles: 10_000 },
  }) as unknown as Deps

const { signal } = new AbortController()

/** Lets the task run until every project's log is in the manifests; a worker may have the lease for a moment. */
async function writeAllManifests(bed: Bed): Promise<void> {
  await expect
    .poll(
      async () => {
        await bed.database.db.execute(
          sql`UPDATE task_leases SET open_until = NULL, begun_at = '-infinity' WHERE task = 'manifests'`,
        )
        await writeManifests.run(depsOf(bed), signal)
        return (await findLineageBehind(bed.database.db)).length
      },
      { timeout: 30_000 + 60 * MANY },
    )
    .toBe(0)
}

const manifestsOf = async (bed: Bed, assetId: string) =>
  (
    await bed.database.db.execute<{ key: string; state: string }>(
      sql`SELECT key, state FROM objects WHERE asset_id = ${assetId} AND key LIKE '%/manifest-%' ORDER BY created_at`,
    )
  ).map(({ key, state }) => ({ key, state, revision: revisionOfManifest(key) }))

const IS_MANIFEST = sql`key LIKE 'originals/%/manifest-%'`
const OF_READY = sql`asset_id IN (SELECT id FROM assets WHERE original_object_id IS NOT NULL AND status IN ('ready', 'partial'))`

/** Everything that a rebuild promises to bring back, by table. */
async function rowsOf({ db }: DatabaseClient): Promise<Record<string, unknown>> {
  const read = async (query: ReturnType<typeof sql>) => {
    const [row] = await db.execute<{ rows: unknown[] | null }>(
      sql`SELECT jsonb_agg(to_jsonb(found)) AS rows FROM (${query}) AS found`,
    )
    return row?.rows
  }
  return {
    projects: await read(
      sql`SELECT * FROM projects WHERE id IN (SELECT project_id FROM objects WHERE ${OF_READY}) ORDER BY id`,
    ),
    presets: await read(sql`SELECT * FROM presets WHERE id IN (SELECT preset_id FROM assets) ORDER BY id`),
    assets: await read(
      sql`SELECT * FROM assets AS asset WHERE original_object_id IS NOT NULL AND status IN ('ready', 'partial') ORDER BY id`,
    ),
    objects: await read(
      sql`SELECT * FROM objects WHERE ${OF_READY} AND state = 'live' AND NOT ${IS_MANIFEST} ORDER BY id`,
    ),
    manifests: await read(
      sql`SELECT asset_id, bucket, key, version_id, etag, bytes, sha256 FROM objects WHERE ${IS_MANIFEST} AND state = 'live' ORDER BY key`,
    ),
    variants: await read(sql`SELECT * FROM variants WHERE ${OF_READY} ORDER BY id`),
    uploads: await read(sql`SELECT * FROM uploads WHERE ${OF_READY} ORDER BY id`),
    tags: await read(sql`SELECT * FROM asset_tags WHERE ${OF_READY} ORDER BY project_id, tag, asset_id`),
  }
}

/** An empty database as `darkroom migrate` leaves it. */
async function withEmptyDatabase(use: (database: DatabaseClient, url: string) => Promise<void>): Promise<void> {
  const prepare = (url: string) => migrateDatabase(url)
  const { url, drop } = await createTestDatabase({ template: { name: 'darkroom_migrated', prepare } })
  const database = createDatabase(url, { max: 4 })
  try {
    await use(database, url)
  } finally {
    await database.close()
    await drop()
  }
}

async function rebuild(bed: Bed, database: DatabaseClient) {
  expect(await database.db.transaction(prepareRebuild)).toBe(true)
  let last = { read: 0, inserted: 0, unreadable: [] as string[] }
  for await (last of rebuildDatabase({ database, store: bed.store, bucket: PRIVATE_BUCKET }));
  return last
}

describe('manifests beside the originals', () => {
  const bed = useBed()
  useWorker(bed)

  it('are written once for a revision, and again after a change', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const { revision } = await untilStatus(bed, asset.id, 'ready')

    await writeAllManifests(bed)
    await writeAllManifests(bed)
    expect(await manifestsOf(bed, asset.id)).toMatchObject([{ state: 'live', revision }])

    await bed.database.db.execute(sql`
      WITH changed AS (UPDATE assets SET filename = 'new.png', revision = revision + 1 WHERE id = ${asset.id} RETURNING *)
      INSERT INTO events (project_id, asset_id, seq, type) SELECT project_id, id, revision, 'asset.updated' FROM changed`)
    await writeAllManifests(bed)
    const states = (await manifestsOf(bed, asset.id)).filter(({ state }) => state === 'live')
    expect(states).toMatchObject([{ revision: revision + 1 }])
    await expectStoreAndRowsAgree(bed)
  })

  it('make the rows again in an empty database, twice if need be', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    await writeAllManifests(bed)

    await withEmptyDatabase(async (database, url) => {
      const first = await rebuild(bed, database)
      const again = await rebuild(bed, database)
      await migrateDatabase(url)

      const rows = await rowsOf(database)
      expect(first).toMatchObject({ read: first.inserted, unreadable: [] })
      expect(again).toMatchObject({ read: first.read, inserted: 0 })
      expect(rows.assets).toHaveLength(first.inserted)
      expect(JSON.stringify(rows.assets)).toContain(asset.id)
      expect(rows).toEqual(await rowsOf(bed.database))
    })
  })

  it('go with their asset, which is not made again', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    await writeAllManifests(bed)
    const [manifest] = await manifestsOf(bed, asset.id)

    await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
    await untilPurged(asset.id)

    expect(await bed.store.head({ bucket: PRIVATE_BUCKET, key: manifest?.key ?? '' })).toBeNull()
    expect(await bed.database.db.transaction(tx => beginManifest(tx, asset.id, KEYS))).toBeNull()
    await withEmptyDatabase(async database => {
      await rebuild(bed, database)
      expect(JSON.stringify(await rowsOf(database))).not.toContain(asset.id)
    })
  })

  it('that a killed worker left unfinished are given up by the next', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const { revision } = await untilStatus(bed, asset.id, 'ready')
    const left = await bed.database.db.transaction(tx => beginManifest(tx, asset.id, KEYS))

    await writeAllManifests(bed)

    const manifests = await manifestsOf(bed, asset.id)
    expect(manifests.filter(({ key }) => key !== left?.object.key)).toMatchObject([{ state: 'live', revision }])
    await expectStoreAndRowsAgree(bed)
    expect((await manifestsOf(bed, asset.id)).length).toBe(1)
  })

  it('that cannot be read are named, and hold up no other', async () => {
    await writeAllManifests(bed)
    const key = manifestKey(bed.projectId, '00000000-0000-7000-8000-000000000001', 1)
    const refused = manifestKey(bed.projectId, '00000000-0000-7000-8000-000000000002', 1)
    const rows = {
      project: {},
      preset: {},
      asset: { id: 'no id', revision: 1 },
      uploads: [],
      objects: [],
      variants: [],
    }
    await putManifest(key, { format: 2 })
    await putManifest(refused, { format: 1, writtenAt: '', engines: {}, rows })

    await withEmptyDatabase(async database => {
      const { read, inserted, unreadable } = await rebuild(bed, database)
      expect(unreadable.toSorted()).toEqual([key, refused])
      expect(inserted).toBe(read - 2)
    })
    for (const each of [key, refused]) await bed.store.deleteAll({ bucket: PRIVATE_BUCKET, key: each })
  })

  it('a database in use is not taken for an empty one', async () => {
    await withEmptyDatabase(async database => {
      await database.db.execute(sql`
        INSERT INTO api_keys (id, project_id, short_id, hash, name, scopes)
        SELECT id, id, 'short', 'hash', 'name', '{read}' FROM projects`)
      expect(await database.db.transaction(prepareRebuild)).toBe(false)
    })
  })

  async function putManifest(key: string, content: object): Promise<void> {
    const body = Buffer.from(JSON.stringify(content))
    await bed.store.put({ bucket: PRIVATE_BUCKET, key, body, byteSize: body.length, contentType: 'application/json' })
  }

  const KEYS = { mintKey: manifestKey, revisionOf: (key: string) => revisionOfManifest(key) ?? -1 }

  async function untilPurged(assetId: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await purgeSecondPass(bed)
          return (await manifestsOf(bed, assetId)).length
        },
        { timeout: 30_000 },
      )
      .toBe(0)
  }
})

describe(`${MANY} assets`, () => {
  const bed = useBed()

  /** Rows as of a year, each ready one with an original of its own in the store. */
  beforeAll(
    async () => {
      const client = Object(bed.database.db).$client as Parameters<typeof insertManyAssets>[0]
      await insertManyAssets(client, { assets: MANY, projects: 3 })
      // The others have no original, and the variants of these rows no file.
      await bed.database.db.execute(sql`UPDATE objects SET sha256 = NULL`)
      const ready = await bed.database.db.execute<{ id: string; project_id: string }>(
        sql`SELECT id, project_id FROM assets WHERE status = 'ready'`,
      )
      const queue = ready.values()
      const lane = async () => {
        for (const { id, project_id: projectId } of queue) await giveOriginal(projectId, id)
      }
      await Promise.all(Array.from({ length: 16 }, lane))
    },
    30_000 + 60 * MANY,
  )

  async function giveOriginal(projectId: string, assetId: string): Promise<void> {
    const body = randomBytes(300)
    const key = originalKey(projectId, assetId)
    const sha256 = createHash('sha256').update(body).digest('hex')
    const pin = await bed.store.put({
      bucket: PRIVATE_BUCKET,
      key,
      body,
      byteSize: 300,
      contentType: 'image/x',
      sha256,
    })
    await bed.database.db.execute(sql`
      WITH original AS (
        INSERT INTO objects (id, project_id, asset_id, bucket, key, state, version_id, etag, bytes, sha256, content_type)
        VALUES (gen_random_uuid(), ${projectId}, ${assetId}, ${PRIVATE_BUCKET}, ${key}, 'live', ${pin.versionId}, ${pin.etag}, 300, ${sha256}, 'image/x')
        RETURNING id
      )
      UPDATE assets SET original_object_id = original.id, sha256 = ${sha256} FROM original WHERE assets.id = ${assetId}`)
  }

  const listings = async ({ db }: DatabaseClient) => {
    const rows = await db.execute<{ id: string; project_id: string }>(
      sql`SELECT id, project_id FROM assets WHERE original_object_id IS NOT NULL ORDER BY id`,
    )
    const byProject = Object.groupBy(rows, row => row.project_id)
    const pages = await Promise.all(
      Object.entries(byProject).map(([project, found = []]) =>
        summarizeAssets(
          db,
          project,
          found.map(({ id }) => id),
        ),
      ),
    )
    // The newest job is not part of what a bucket can tell.
    return pages
      .flat()
      .map(({ job: _, ...shown }) => shown)
      .sort((a, b) => (a.asset.id < b.asset.id ? -1 : 1))
  }

  it('are rebuilt with the same listing and the same hashes', { timeout: 60_000 + 60 * MANY }, async () => {
    const begun = Date.now()
    await writeAllManifests(bed)
    const written = Date.now()
    await withEmptyDatabase(async database => {
      const { inserted } = await rebuild(bed, database)
      const rebuilt = Date.now()

      expect(inserted).toBeGreaterThan(MANY * 0.8)
      const rows = await rowsOf(database)
      expect(rows.assets).toHaveLength(inserted)
      expect(rows).toEqual(await rowsOf(bed.database))
      expect(await listings(database)).toEqual(await listings(bed.database))
      const outcomes = []
      for await (const { outcome } of verifySample({ database, store: bed.store }, 'all')) outcomes.push(outcome)
      expect(outcomes).toEqual(Array.from({ length: inserted * 2 }, () => 'same'))
      if (isLongForm)
        console.log(
          `manifests of ${inserted} assets: ${(written - begun) / 1000} s; rebuild: ${(rebuilt - written) / 1000} s; verify all: ${(Date.now() - rebuilt) / 1000} s`,
        )
    })
  })

  it('are verified by a sample, which finds a file that changed and one that is gone', async () => {
    const [changed, gone] = await bed.database.db.execute<{
      id: string
      bucket: string
      key: string
      version_id: string
      sha256: string
    }>(
      sql`SELECT id, bucket, key, version_id, sha256 FROM objects WHERE state = 'live' AND sha256 IS NOT NULL ORDER BY id LIMIT 2`,
    )
    if (!changed || !gone) throw new Error('there are no files')
    await bed.database.db.execute(sql`UPDATE objects SET sha256 = ${'0'.repeat(64)} WHERE id = ${changed.id}`)
    await bed.store.deleteVersion({ bucket: gone.bucket, key: gone.key, versionId: gone.version_id })

    const wrong: [string, string][] = []
    for await (const { object, outcome } of verifySample(bed, 'all'))
      if (outcome !== 'same') wrong.push([object.id, outcome])
    await bed.database.db.execute(sql`DELETE FROM task_leases`)
    await verifySampleDaily.run(depsOf(bed), signal)

    expect(Object.fromEntries(wrong)).toEqual({ [changed.id]: 'different', [gone.id]: 'missing' })
    expect((await openAlarms(bed.database.db)).map(({ code }) => code).sort()).toEqual([
      'OBJECT_DAMAGED',
      'OBJECT_MISSING',
    ])

    // As it was stored again: its own alarm is cleared, and that of the other file stays.
    await bed.database.db.execute(sql`UPDATE objects SET sha256 = ${changed.sha256} WHERE id = ${changed.id}`)
    await bed.database.db.execute(sql`DELETE FROM task_leases`)
    await verifySampleDaily.run(depsOf(bed), signal)
    expect((await openAlarms(bed.database.db)).map(({ code, subject }) => [code, subject])).toEqual([
      ['OBJECT_MISSING', `${gone.bucket}/${gone.key}`],
    ])
  })
})
