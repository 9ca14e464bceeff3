import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { advanceBucketImport, openBucketImport } from '@darkroom/db/uploads'
import { startLocalB2 } from '@darkroom/local-b2'
import { createS3Store } from '@darkroom/storage'
import { isLongForm } from '@darkroom/testing/samples'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { BucketImportStopped, type BucketSource, surveyBucket } from '../src/index.ts'
import { type Bed, BUCKET, OLD_BUCKET, useBed } from './bed.ts'
import { importAll } from './import-all.ts'

const IMPORTING_PROCESS = fileURLToPath(new URL('./importing-process.ts', import.meta.url))
const OBJECTS = isLongForm ? 20_000 : 200
const KILLS = isLongForm ? 5 : 2
const [RATE, TEST_MS] = isLongForm ? [400, 3_600_000] : [200, 240_000]

const bed = useBed()
afterEach(async () => {
  bed.b2.faults.clear()
  bed.b2.requests.clear()
  await execute(sql`UPDATE projects SET max_upload_bytes = NULL, quota_bytes = NULL`)
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const sourceOf = ({ b2, store }: Bed): BucketSource => ({
  endpoint: b2.url,
  bucket: OLD_BUCKET,
  store,
  isSameStore: true,
})
const importIt = (options?: Parameters<typeof importAll>[2]) => importAll(bed, sourceOf(bed), options)

const put = (key: string, body: Buffer | string = key, contentType = 'image/jpeg') => {
  const bytes = Buffer.from(body)
  return bed.store.put({ bucket: OLD_BUCKET, key, body: bytes, byteSize: bytes.length, contentType })
}

/** What has become of keys below a prefix: folder, name and status of their assets, and the ETag of the bytes in our bucket. */
const assetsBelow = async (prefix: string) =>
  [
    ...(await execute(sql`
      SELECT item.key, item.etag, objects.etag AS stored, folder, filename, assets.status, assets.content_type AS type
      FROM bucket_import_objects item JOIN uploads ON uploads.id = item.upload_id JOIN objects ON objects.id = object_id
      JOIN assets ON assets.id = item.asset_id
      WHERE starts_with(item.key, ${prefix}) AND imported_at IS NOT NULL ORDER BY item.key`)),
  ] as { key: string; etag: string; stored: string; folder: string; filename: string; status: string; type: string }[]

const codesOf = (outcomes: Awaited<ReturnType<typeof importAll>>) =>
  (outcomes.get('failed') ?? []).flatMap(each => (each.outcome === 'failed' ? [`${each.key} ${each.code}`] : [])).sort()

const numberOf = async (query: ReturnType<typeof sql>): Promise<number> => Number((await execute(query))[0]?.n)

describe('a bucket that moves in', () => {
  it(
    'loses nothing and has nothing twice, although its process is killed',
    async () => {
      const contents = Array.from({ length: 10 }, () => randomBytes(100))
      const etags = await Promise.all(contents.map(async (bytes, n) => (await put(`content-${n}`, bytes)).etag))
      for (let n = 0; n < OBJECTS; n++)
        await bed.b2.objects.copy(
          { bucket: OLD_BUCKET, key: `content-${n % 10}`, versionId: undefined },
          { bucket: OLD_BUCKET, key: `many/${n % 7}/${n}.jpg`, headers: { 'content-type': 'image/jpeg' } },
        )
      for (let n = 0; n < 10; n++) await bed.store.deleteAll({ bucket: OLD_BUCKET, key: `content-${n}` })
      const start = () =>
        spawn(process.execPath, [IMPORTING_PROCESS, bed.databaseUrl, bed.b2.url, String(RATE)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
      const imported = () =>
        numberOf(sql`SELECT count(*) AS n FROM bucket_import_objects WHERE imported_at IS NOT NULL`)
      for (let kill = 1; kill <= KILLS; kill++) {
        const child = start()
        const exited = once(child, 'exit')
        const enough = Math.floor((OBJECTS * kill) / (KILLS + 1))
        await expect.poll(imported, { timeout: TEST_MS, interval: 5 }).toBeGreaterThanOrEqual(enough)
        child.kill('SIGKILL')
        await exited
        expect(await imported()).toBeLessThan(OBJECTS)
      }
      const last = start()
      const [said] = await Promise.all([text(last.stdout), once(last, 'exit')])

      const assets = await assetsBelow('many/')
      expect(assets.map(({ key }) => key)).toEqual(
        Array.from({ length: OBJECTS }, (_, n) => `many/${n % 7}/${n}.jpg`).sort(),
      )
      for (const { key, stored, folder, filename, status } of assets) {
        const n = Number(filename.split('.')[0])
        expect([key, stored, folder, status]).toEqual([key, etags[n % 10], `many/${n % 7}`, 'processing'])
      }
      expect(await numberOf(sql`SELECT count(*) AS n FROM assets`)).toBe(OBJECTS)
      expect(await numberOf(sql`SELECT count(*) AS n FROM jobs`)).toBe(OBJECTS)
      expect(bed.b2.requests.count({ operation: 'GetObject' })).toBe(0)
      const { grownBytes } = JSON.parse(said) as { grownBytes: number }
      if (isLongForm)
        console.log(`${OBJECTS} objects, ${KILLS} kills: memory of the last process grew by ${grownBytes} bytes`)
      expect(grownBytes).toBeLessThan(100_000_000)
    },
    TEST_MS,
  )

  it.each([
    ['bucket.before-claim', 2],
    ['bucket.after-claim', 2],
    ['bucket.after-copy', 2],
    ['bucket.before-confirm', 2],
    ['bucket.after-confirm', 2],
    ['bucket.before-cursor', 1],
    ['bucket.after-cursor', 1],
  ])('killed at %s, time %i, loses nothing and has nothing twice', async (point, nth) => {
    const names = Array.from({ length: 4 }, (_, n) => `${point}-${n}.jpg`)
    const prefix = `${point}/`
    const etags = new Map(await Promise.all(names.map(async name => [name, (await put(prefix + name)).etag] as const)))
    const child = spawn(process.execPath, [IMPORTING_PROCESS, bed.databaseUrl, bed.b2.url, '1000', prefix], {
      env: { ...process.env, DARKROOM_CRASHPOINT: `${point}:${nth}` },
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const outcomes = await importIt({ prefix })
    expect([...outcomes.keys()].filter(outcome => outcome === 'failed')).toEqual([])
    const assets = await assetsBelow(prefix)
    expect(assets.map(({ filename, stored, status }) => [filename, stored, status])).toEqual(
      names.map(name => [name, etags.get(name), 'processing']),
    )
    expect(await numberOf(sql`SELECT count(*) AS n FROM assets WHERE starts_with(filename, ${point})`)).toBe(4)
    const jobs = sql`SELECT count(*) AS n FROM jobs JOIN assets ON assets.id = asset_id WHERE starts_with(filename, ${point})`
    expect(await numberOf(jobs)).toBe(4)
  })

  it('brings what is new in the next run, and nothing else', async () => {
    await put('new/a.jpg')
    await put('new/b.jpg')
    expect((await importIt()).get('imported')).toHaveLength(2)
    await put('new/b.jpg', 'another b')
    await put('new/c.jpg')
    const copies = () => bed.b2.requests.count({ operation: 'CopyObject' })
    const before = copies()
    const outcomes = await importIt()
    expect(
      outcomes
        .get('imported')
        ?.map(({ key }) => key)
        .sort(),
    ).toEqual(['new/b.jpg', 'new/c.jpg'])
    expect(copies() - before).toBe(2)
    expect((await assetsBelow('new/')).map(({ key }) => key)).toEqual([
      'new/a.jpg',
      'new/b.jpg',
      'new/b.jpg',
      'new/c.jpg',
    ])
  })

  it('has nothing twice when two processes import it at the same time', async () => {
    for (let n = 10; n < 40; n++) await put(`two/${n}.jpg`)
    const before = await numberOf(sql`SELECT count(*) AS n FROM jobs`)
    const both = await Promise.all([importIt({ prefix: 'two/' }), importIt({ prefix: 'two/' })])
    for (const outcomes of both) expect(outcomes.get('failed')).toBeUndefined()
    expect(await assetsBelow('two/')).toHaveLength(30)
    expect((await numberOf(sql`SELECT count(*) AS n FROM jobs`)) - before).toBe(30)
  })

  it('leaves nothing out when a run of another prefix is under way', async () => {
    await put('walks/a.jpg')
    const source = { projectId: bed.projectId, endpoint: bed.b2.url, bucket: OLD_BUCKET }
    const under = await openBucketImport(bed.database.db, { ...source, prefix: 'walks/z' })
    // This one dies before its first object.
    await openBucketImport(bed.database.db, { ...source, prefix: 'walks/a' })
    await advanceBucketImport(bed.database.db, under, 'walks/z.jpg')
    expect((await importIt({ prefix: 'walks/a' })).get('imported')).toMatchObject([{ key: 'walks/a.jpg' }])
  })

  it('goes into a folder, with the types that its objects or their names have', async () => {
    await put('2019/may/a.jpg', 'a', 'application/x-www-form-urlencoded')
    await put('2019/b', 'b', 'image/png')
    await put('2019/may/', '')
    await importIt({ prefix: '2019/', folder: 'old' })
    expect(await assetsBelow('2019/')).toMatchObject([
      { folder: 'old', filename: 'b', type: 'image/png' },
      { folder: 'old/may', filename: 'a.jpg', type: 'image/jpeg' },
    ])
  })

  it('names what it could not bring, and tries it again', async () => {
    await put('bad/page.html', 'x', 'text/html')
    await put('bad/empty.jpg', '')
    await put('bad/../up.jpg')
    await put('bad/large.jpg', 'x'.repeat(2000))
    await execute(sql`UPDATE projects SET max_upload_bytes = 1000`)
    expect(codesOf(await importIt({ prefix: 'bad/' }))).toEqual([
      'bad/../up.jpg INVALID_REQUEST',
      'bad/empty.jpg EMPTY_FILE',
      'bad/large.jpg TOO_LARGE',
      'bad/page.html UNSUPPORTED_TYPE',
    ])
    await execute(sql`UPDATE projects SET max_upload_bytes = NULL`)
    await bed.store.deleteAll({ bucket: OLD_BUCKET, key: 'bad/empty.jpg' })
    const outcomes = await importIt({ prefix: 'bad/' })
    expect(codesOf(outcomes)).toEqual(['bad/../up.jpg INVALID_REQUEST', 'bad/page.html UNSUPPORTED_TYPE'])
    expect(outcomes.get('imported')).toMatchObject([{ key: 'bad/large.jpg' }])
    for (const key of ['bad/page.html', 'bad/../up.jpg']) await bed.store.deleteAll({ bucket: OLD_BUCKET, key })
  })

  it('stops when one after the other fails, and goes on from there', async () => {
    for (let n = 10; n < 50; n++) await put(`stop/${n}.jpg`)
    await execute(sql`UPDATE projects SET quota_bytes = 1`)
    const stopped = importIt({ prefix: 'stop/' })
    await expect(stopped).rejects.toThrow(BucketImportStopped)
    await expect(stopped).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await execute(sql`UPDATE projects SET quota_bytes = NULL`)
    expect((await importIt({ prefix: 'stop/' })).get('imported')).toHaveLength(40)
  })

  it('waits for a store that is busy', async () => {
    await put('busy/a.jpg')
    bed.b2.faults.set({ kind: 'slow-down', times: 5, match: { operation: 'CopyObject' } })
    expect((await importIt({ prefix: 'busy/' })).get('imported')).toHaveLength(1)
  })

  it('goes on with the upload that a dead process had opened', async () => {
    await put('dead/a.jpg')
    const stop = new AbortController()
    bed.b2.faults.set({ kind: 'delay', ms: 3_600_000, match: { operation: 'CopyObject' } })
    const stopped = importIt({ prefix: 'dead/', signal: stop.signal })
    await expect.poll(() => bed.b2.requests.count({ operation: 'CopyObject' })).toBe(1)
    stop.abort(new Error('killed'))
    await expect(stopped).rejects.toThrow('killed')
    bed.b2.faults.clear()
    const assets = await numberOf(sql`SELECT count(*) AS n FROM assets`)
    expect((await importIt({ prefix: 'dead/' })).get('imported')).toHaveLength(1)
    expect(await numberOf(sql`SELECT count(*) AS n FROM assets`)).toBe(assets)
  })
})

describe('a bucket of another store', () => {
  it('is streamed with its own key, byte for byte', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-elsewhere-'))
    const key = { keyId: 'otherkey', applicationKey: 'othersecret' }
    const other = await startLocalB2({ dataDir, keys: [key], buckets: [{ name: 'elsewhere', access: 'private' }] })
    const store = createS3Store({ endpoint: other.url, region: 'local-000', ...key })
    onTestFinished(async () => {
      store.close()
      await other.close()
      await rm(dataDir, { recursive: true, force: true })
    })
    const bytes = randomBytes(20_000_003)
    const put = { byteSize: bytes.length, body: bytes, contentType: 'video/mp4' }
    await store.put({ bucket: 'elsewhere', key: 'large.mp4', ...put })
    // Cut off in the middle, once.
    other.faults.set({ kind: 'truncate', bytes: 9_000_000, times: 1, match: { operation: 'GetObject' } })
    const outcomes = await importAll(bed, { endpoint: other.url, bucket: 'elsewhere', store, isSameStore: false })
    expect(outcomes.get('imported')).toHaveLength(1)
    const reads = other.requests.list({ operation: 'GetObject' })
    expect(reads.map(({ headerNames }) => headerNames.includes('range'))).toEqual([false, true])
    const [row] = await execute(sql`
      SELECT objects.key, version_id FROM bucket_import_objects item JOIN uploads ON uploads.id = item.upload_id
      JOIN objects ON objects.id = object_id WHERE item.key = 'large.mp4'`)
    const { body } = await bed.store.get({ bucket: BUCKET, key: String(row?.key), versionId: String(row?.version_id) })
    expect(Buffer.concat(await body.toArray()).equals(bytes)).toBe(true)
    const open = []
    for await (const upload of bed.store.listMultipartUploads({ bucket: BUCKET, prefix: '' })) open.push(upload)
    expect(open).toEqual([])
  })
})

it('a survey counts by kind what there is, without reading or writing', async () => {
  const prefix = 'survey/'
  for (const name of ['a.jpg', 'b.mp4', 'c.pdf', 'd', 'e/', 'empty.png'])
    await put(prefix + name, name.startsWith('e') ? '' : 'four')
  await importIt({ prefix: `${prefix}a` })
  bed.b2.requests.clear()
  const survey = await surveyBucket(bed.database.db, {
    source: sourceOf(bed),
    projectId: bed.projectId,
    prefix,
    maxBytes: 1000,
    signal: new AbortController().signal,
  })
  const one = { objects: 1, bytes: 4 }
  expect(survey).toEqual({
    kinds: {
      image: { objects: 0, bytes: 0 },
      video: one,
      audio: { objects: 0, bytes: 0 },
      document: one,
      unknown: one,
    },
    known: one,
    refused: { objects: 1, bytes: 0 },
  })
  expect(new Set(bed.b2.requests.list().map(({ operation }) => operation))).toEqual(new Set(['ListObjectsV2']))
})
