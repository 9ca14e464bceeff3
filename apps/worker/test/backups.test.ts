import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import {
  type BackupPlace,
  createBackup,
  drillBackup,
  findBackup,
  generateKeyPair,
  listBackups,
  ownerOf,
  pruneBackups,
  restoreBackup,
} from '@darkroom/backups'
import { silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { openAlarms } from '@darkroom/db/operations'
import { startLocalB2 } from '@darkroom/local-b2'
import { createS3Store, type ObjectStore } from '@darkroom/storage'
import { hasDumpablePostgres, insertManyAssets, startDumpablePostgres } from '@darkroom/testing'
import { isLongForm } from '@darkroom/testing/samples'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { backUpDatabase } from '../src/maintenance/back-up-database.ts'

const BUCKET = 'darkroom'
/** In the long form as many as the guide names the times of. */
const ASSETS = isLongForm ? 10_000 : 300

/** A migrated database with assets on the installed Postgres, and a bucket. */
async function startInstallation() {
  await using opened = new AsyncDisposableStack()
  const server = await startDumpablePostgres()
  opened.defer(() => server.stop())
  await migrateDatabase(server.url)
  await insertManyAssets(server.sql, { assets: ASSETS, projects: 2 })
  const database = createDatabase(server.url, { max: 3 })
  opened.defer(() => database.close())
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-backups-test-'))
  const b2 = await startLocalB2({ dataDir, buckets: [{ name: BUCKET, access: 'private' }] })
  opened.defer(() => b2.close())
  const store = createS3Store({
    endpoint: b2.url,
    region: 'local-000',
    keyId: 'localkey',
    applicationKey: 'localsecret',
    maxAttempts: 2,
  })
  opened.defer(() => store.close())
  const keys = await generateKeyPair()
  const owned = opened.move()
  return { b2, store, bucket: BUCKET, database, databaseUrl: server.url, keys, close: () => owned.disposeAsync() }
}

async function openUploads(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listMultipartUploads({ bucket: BUCKET, prefix })) keys.push(key)
  return keys
}

describe.skipIf(!hasDumpablePostgres())('backups', () => {
  const place = useResource(startInstallation, ({ close }) => close())
  const options = () => ({ recipients: [place.keys.recipient] })
  const back = () => createBackup(place, options())
  const restoring = () => ({ identity: place.keys.identity })
  const keysBelow = async (prefix: string) => {
    const keys: string[] = []
    for await (const { key } of place.store.listVersions({ bucket: BUCKET, prefix })) keys.push(key)
    return keys
  }
  const count = async (query: ReturnType<typeof sql>) => {
    const [row] = await place.database.db.execute<{ count: string }>(query)
    return Number(row?.count)
  }

  it('restores every row of the moment of the backup, although rows were written since', async () => {
    const begun = Date.now()
    const made = await back()
    const written = Date.now()
    await place.database.db.execute(sql`UPDATE assets SET filename = 'later.jpg' WHERE kind = 'image'`)

    const tables = await drillBackup(place, made, place.databaseUrl, restoring())
    if (isLongForm)
      console.log(
        `backup of ${ASSETS} assets: ${made.byteSize} bytes in ${(written - begun) / 1000} s; drill: ${(Date.now() - written) / 1000} s`,
      )

    expect(tables.filter(({ isSame }) => !isSame)).toEqual([])
    expect(tables.find(({ table }) => table === 'public.assets')?.restored?.rows).toBe(ASSETS)
    expect(await listBackups(place)).toContainEqual(made)
    expect(await count(sql`SELECT count(*) FROM pg_database WHERE starts_with(datname, 'darkroom_drill_')`)).toBe(0)
  })

  it('notices a table that came back otherwise', async () => {
    const made = await back()
    const tampered = made.tables.map(each => (each.table === 'public.assets' ? { ...each, checksum: '1' } : each))

    const tables = await drillBackup(place, { ...made, tables: tampered }, place.databaseUrl, restoring())

    expect(tables.filter(({ isSame }) => !isSame).map(({ table }) => table)).toEqual(['public.assets'])
  })

  it('keeps the content from who has no key, and says so', async () => {
    const made = await back()
    const { body } = await place.store.get({ bucket: BUCKET, key: `backups/${made.name}.dump.age` })
    const bytes = await buffer(body)
    const stranger = await generateKeyPair()

    const drill = drillBackup(place, made, place.databaseUrl, { identity: stranger.identity })

    await expect(drill).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' })
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    expect(bytes.includes('PGDMP')).toBe(false)
  })

  it('refuses a dump that was cut off in the store', async () => {
    const made = await back()
    const target = { bucket: BUCKET, key: `backups/${made.name}.dump.age` }
    const bytes = await buffer((await place.store.get(target)).body)
    const body = bytes.subarray(0, bytes.length - 100)
    await place.store.put({ ...target, body, byteSize: body.length, contentType: 'application/octet-stream' })

    const drill = drillBackup(place, made, place.databaseUrl, restoring())

    await expect(drill).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' })
  })

  it('keeps the newest, and clears up what a killed backup left', async () => {
    const stray = `backups/20200101T000000000Z-${ownerOf((await back()).name)}.dump.age`
    const foreign = 'backups/readme.txt'
    const contentType = 'text/plain'
    for (const key of [stray, foreign])
      await place.store.put({ bucket: BUCKET, key, body: Buffer.from('x'), byteSize: 1, contentType })
    await place.store.createMultipartUpload({ bucket: BUCKET, key: stray, contentType })
    const before = await listBackups(place)

    const made = await back()
    await pruneBackups(place, { keep: 1, owner: ownerOf(made.name) })

    expect(before.filter(({ name }) => name.startsWith('20200101'))).toEqual([])
    expect((await listBackups(place)).map(({ name }) => name)).toEqual([made.name])
    expect((await keysBelow('backups/')).sort()).toEqual(
      [`backups/${made.name}.dump.age`, `backups/${made.name}.json`, foreign].sort(),
    )
    expect(await openUploads(place.store, 'backups/')).toEqual([])
  })

  it('stores nothing when pg_dump fails', async () => {
    const before = await keysBelow('backups/')

    const failing = createBackup({ ...place, databaseUrl: `${place.databaseUrl}_absent` }, options())

    await expect(failing).rejects.toMatchObject({
      code: 'BACKUP_FAILED',
      message: expect.stringContaining('does not exist'),
    })
    expect(await keysBelow('backups/')).toEqual(before)
  })

  it('leaves no pg_dump behind that nobody reads', async () => {
    const { db } = place.database
    // More than the pipe of pg_dump holds.
    await db.execute(sql`CREATE TABLE large AS SELECT md5(random()::text) AS text FROM generate_series(1, 200000)`)

    const failure = new Error('the store broke')
    const putStream: ObjectStore['putStream'] = async ({ body }) => {
      await body[Symbol.asyncIterator]().next()
      throw failure
    }

    const failing = createBackup({ ...place, store: { ...place.store, putStream } }, options())

    await expect(failing).rejects.toBe(failure)
    const dumps = sql`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'`
    await expect.poll(() => count(dumps), { timeout: 30_000 }).toBe(0)
    await db.execute(sql`DROP TABLE large`)
  })

  it('leaves alone what another installation has in the bucket: its backups, and one that it is making', async () => {
    const own = await back()
    const [theirs, unfinished] = ['20200101T000000000Z-00000000', '20200102T000000000Z-00000000']
    const contentType = 'text/plain'
    for (const key of [`backups/${theirs}.dump.age`, `backups/${theirs}.json`]) {
      const { body: source } = await place.store.get({ bucket: BUCKET, key: key.replace(theirs, own.name) })
      const body = await buffer(source)
      await place.store.put({ bucket: BUCKET, key, body, byteSize: body.length, contentType })
    }
    const dump = { bucket: BUCKET, key: `backups/${unfinished}.dump.age`, contentType }
    await place.store.createMultipartUpload(dump)
    await place.store.put({ ...dump, body: Buffer.from('x'), byteSize: 1 })

    const made = await back()
    await pruneBackups(place, { keep: 1, owner: ownerOf(made.name) })

    expect((await listBackups(place)).map(({ name }) => name)).toEqual([made.name, theirs])
    expect(await keysBelow(`backups/${unfinished}`)).toHaveLength(1)
    expect(await openUploads(place.store, 'backups/')).toEqual([dump.key])
    // The newest of the bucket may be of somebody else.
    await expect(findBackup(place, {})).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    expect((await findBackup(place, { owner: '00000000' }))?.name).toBe(theirs)
    for (const key of [dump.key, `backups/${theirs}.dump.age`, `backups/${theirs}.json`])
      await place.store.purge({ bucket: BUCKET, key }, { multiparts: true })
  })

  it('does not count a backup that somebody hid, and does not delete it', async () => {
    const hidden = await back()
    const shown = await back()
    await place.store.deleteVersion({ bucket: BUCKET, key: `backups/${hidden.name}.json`, versionId: null })
    const made = await back()
    await pruneBackups(place, { keep: 2, owner: ownerOf(made.name) })

    expect((await listBackups(place)).map(({ name }) => name)).toEqual([made.name, shown.name])
    expect(await findBackup(place, { name: hidden.name })).toBeNull()
    expect(await keysBelow(`backups/${hidden.name}.dump.age`)).toHaveLength(1)
  })

  it('names the tools that are missing', async () => {
    const failing = createBackup(place, { ...options(), binDir: '/nowhere' })

    await expect(failing).rejects.toMatchObject({
      code: 'BACKUP_TOOLS_MISSING',
      message: expect.stringContaining('postgresql-client-'),
    })
  })

  it('restores into an empty database as a whole, or not at all', async () => {
    const made = await back()
    const name = `restored_${randomBytes(4).toString('hex')}`
    await place.database.db.execute(sql.raw(`CREATE DATABASE ${name}`))
    const url = place.databaseUrl.replace(/\/[^/]*$/, `/${name}`)

    expect((await restoreBackup(place, made, url, restoring())).every(({ isSame }) => isSame)).toBe(true)
    await expect(restoreBackup(place, made, url, restoring())).rejects.toMatchObject({ code: 'BACKUP_FAILED' })
    // What a restored database needs next: it is already at this schema, and its log is rebased.
    await migrateDatabase(url)
  })

  it('is made by one of all workers, once in an interval', async () => {
    const settings = { everySec: 3600, databaseUrl: place.databaseUrl, bucket: BUCKET, keep: 30, binDir: undefined }
    const deps = scheduled({ ...settings, recipients: [place.keys.recipient] })
    const { signal } = new AbortController()
    const before = (await listBackups(place)).length
    await place.database.db.execute(sql`DELETE FROM task_leases`)

    await Promise.all([backUpDatabase.run(deps, signal), backUpDatabase.run(deps, signal)])
    await backUpDatabase.run(deps, signal)

    expect((await listBackups(place)).length - before).toBe(1)
  })

  it('raises an alarm when it cannot be made, which the next one ends', async () => {
    await place.database.db.execute(sql`DELETE FROM task_leases`)
    await place.database.db.execute(sql`DELETE FROM alarms`)
    const settings = { everySec: 3600, databaseUrl: place.databaseUrl, bucket: BUCKET, keep: 30, binDir: undefined }
    const deps = scheduled({ ...settings, recipients: [place.keys.recipient] })
    const { signal } = new AbortController()
    place.b2.faults.set({ match: { method: 'PUT', key: 'backups/' }, kind: 'wrong-key' })

    await expect(backUpDatabase.run(deps, signal)).rejects.toMatchObject({ code: 'STORE_CREDENTIALS' })
    expect(await openAlarms(place.database.db)).toMatchObject([{ code: 'BACKUP_FAILED' }])

    place.b2.faults.clear()
    await backUpDatabase.run(deps, signal)
    expect(await openAlarms(place.database.db)).toEqual([])
  })

  it('is not made again at once because old ones cannot be deleted, which is an alarm', async () => {
    await place.database.db.execute(sql`DELETE FROM task_leases`)
    await place.database.db.execute(sql`DELETE FROM alarms`)
    await back()
    const settings = { everySec: 3600, databaseUrl: place.databaseUrl, bucket: BUCKET, keep: 1, binDir: undefined }
    const deps = scheduled({ ...settings, recipients: [place.keys.recipient] })
    const { signal } = new AbortController()
    const before = (await listBackups(place)).length
    place.b2.faults.set({ match: { method: 'DELETE', key: 'backups/' }, kind: 'wrong-key' })

    await backUpDatabase.run(deps, signal)
    await backUpDatabase.run(deps, signal)
    place.b2.faults.clear()

    expect((await listBackups(place)).length - before).toBe(1)
    expect(await openAlarms(place.database.db)).toMatchObject([
      { code: 'BACKUP_FAILED', message: expect.stringContaining('old backups could not be deleted') },
    ])
  })

  type MaintenanceDeps = Parameters<typeof backUpDatabase.run>[0]
  type BackupSettings = NonNullable<MaintenanceDeps['settings']['backups']>
  /** What the task reads of what a worker stands on. */
  const scheduled = (backups: BackupSettings) =>
    ({ ...place, logger: silentLogger, settings: { backups } }) as unknown as MaintenanceDeps
})

describe('a stream of unknown length', () => {
  const place = useResource(
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-streams-test-'))
      const b2 = await startLocalB2({ dataDir, buckets: [{ name: BUCKET, access: 'private' }] })
      const settings = { region: 'local-000', keyId: 'localkey', applicationKey: 'localsecret' }
      return { b2, store: createS3Store({ endpoint: b2.url, ...settings }) } satisfies { b2: unknown } & Pick<
        BackupPlace,
        'store'
      >
    },
    async ({ b2, store }) => {
      store.close()
      await b2.close()
    },
  )
  const CHUNK = randomBytes(1_000_003)
  const stream = async function* (chunks: number, failure?: Error) {
    for (let index = 0; index < chunks; index++) yield CHUNK
    if (failure) throw failure
  }
  const put = (key: string, body: AsyncIterable<Uint8Array>) =>
    place.store.putStream({ bucket: BUCKET, key, body, contentType: 'application/octet-stream' })

  it.each([0, 1, 16, 33])('is stored as it came, of %i MB', async chunks => {
    const { byteSize } = await put(`stream-${chunks}`, stream(chunks))

    const stored = await buffer((await place.store.get({ bucket: BUCKET, key: `stream-${chunks}` })).body)
    expect(byteSize).toBe(stored.length)
    expect(stored.equals(Buffer.concat(Array.from({ length: chunks }, () => CHUNK)))).toBe(true)
  })

  it('leaves nothing when it fails, also after its first parts', async () => {
    const failure = new Error('the source broke')

    await expect(put('broken', stream(20, failure))).rejects.toBe(failure)

    expect(await place.store.head({ bucket: BUCKET, key: 'broken' })).toBeNull()
    expect(await openUploads(place.store, 'broken')).toEqual([])
  })

  it('sends a part again that the store did not take', async () => {
    place.b2.faults.set({ match: { operation: 'UploadPart' }, kind: 'slow-down', times: 2, retryAfterSec: 0 })

    await put('retried', stream(20))

    expect((await place.store.head({ bucket: BUCKET, key: 'retried' }))?.byteSize).toBe(20 * CHUNK.length)
  })
})
