import { spawn } from 'node:child_process'
import { newId } from '@darkroom/core'
import { dropSource, startDeletion, takeDown } from '@darkroom/db/deletion'
import { latestJobOfAsset } from '@darkroom/db/jobs'
import { authCachesExpired, changeProject, readUsage } from '@darkroom/db/projects'
import { createImport, findImport } from '@darkroom/db/uploads'
import { cancelJob, claimJob, completeImport, requeueJob, reserveImport } from '@darkroom/jobs/sql'
import { uploadKey } from '@darkroom/storage'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Worker } from '../src/index.ts'
import {
  assetOf,
  attemptsOf,
  CRASHING_WORKER,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  PRIVATE_BUCKET,
  runFolders,
  SMALL_PNG,
  sha256,
  strayVersions,
  untilStatus,
  useBed,
  useWorker,
} from './harness.ts'
import { file, type Give, startSourceServer } from './source-server.ts'

const bed = useBed()
const source = useResource(startSourceServer, server => server.close())
beforeEach(() => source.give(file(SMALL_PNG, 'image/png')))
const workers: Worker[] = []
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close()
})

const settings = () => ({ WORKER_QUEUES: 'image,import,system', OUTBOUND_ALLOW: source.host })
/** A worker of one test. */
async function work(overrides: Record<string, string> = {}): Promise<Worker> {
  const worker = await bed.startWorker({ ...settings(), ...overrides })
  workers.push(worker)
  return worker
}
const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

interface Asked {
  contentType?: string
  filename?: string
}

/** An import as the API records it. @returns the id of its asset */
async function imported(url: string, { contentType, filename = 'small.png' }: Asked = {}): Promise<string> {
  const assetId = newId()
  await bed.database.db.transaction(tx =>
    createImport(tx, {
      projectId: bed.projectId,
      preset: { id: bed.presetId },
      assetId,
      url,
      filename,
      folder: '',
      metadata: {},
      shownUrl: url.split('?')[0] ?? '',
      contentType: contentType ?? null,
      externalId: null,
      tags: [],
    }),
  )
  return assetId
}

/** The code with which it failed. */
const failure = async (assetId: string) => (await untilStatus(bed, assetId, 'failed')).error?.code
const jobsOf = async (assetId: string) =>
  (await execute(sql`SELECT name, status FROM jobs WHERE asset_id = ${assetId} ORDER BY id`)).map(
    row => `${row.name} ${row.status}`,
  )
/** As if the time of the next attempt, and the end of a lost lease, had come. */
const expedite = () =>
  execute(sql`UPDATE jobs SET available_at = least(available_at, now()), lease_until = least(lease_until, now())
    WHERE status IN ('queued', 'running')`)
const importOf = (assetId: string) => findImport(bed.database.db, assetId)
const setLimits = async (change: Parameters<typeof changeProject>[2]) => {
  await changeProject(bed.database.db, bed.projectId, change)
  await authCachesExpired()
}

describe('an import', () => {
  useWorker(bed, settings)

  it('brings the bytes, which are then processed like those of an upload', async () => {
    const mayAnswer = Promise.withResolvers<void>()
    const give = file(PHOTO, 'image/jpeg; charset=binary')
    source.give((...args) => void mayAnswer.promise.then(() => give(...args)))
    const id = await imported(source.url('/a/photo.jpg?signature=secret'), { filename: 'photo.jpg' })
    expect(await assetOf(bed, id)).toMatchObject({ status: 'processing', byteSize: 0, confirmedAt: null })
    mayAnswer.resolve()
    const asset = await untilStatus(bed, id, 'ready')
    expect(asset).toMatchObject({ contentType: 'image/jpeg', byteSize: PHOTO.length, sha256: sha256(PHOTO) })
    expect(asset.confirmedAt).not.toBeNull()
    expect(source.asked).toEqual(['/a/photo.jpg?signature=secret'])
    expect(await jobsOf(id)).toEqual(['asset.import succeeded', 'asset.process succeeded'])
    const types = await execute(sql`SELECT type, data FROM events WHERE asset_id = ${id} ORDER BY seq, id`)
    expect(types.map(row => row.type)).toEqual(
      expect.arrayContaining(['asset.created', 'asset.processing', 'asset.ready']),
    )
    expect(types.find(row => row.type === 'asset.processing')?.data).toEqual({ by: 'import' })
    await expectStoreAndRowsAgree(bed)
    await eventually(() => runFolders(bed)).toEqual([])
  })

  it('forgets the URL with its secrets as soon as it needs it no more', async () => {
    const id = await imported(source.url('/small.png?signature=verysecret'))
    await untilStatus(bed, id, 'ready')
    expect(await importOf(id)).toMatchObject({ url: null, shownUrl: source.url('/small.png') })
    const rows = await execute(sql`SELECT to_jsonb(imports)::text AS row FROM imports
      UNION ALL SELECT to_jsonb(events)::text FROM events UNION ALL SELECT to_jsonb(jobs)::text FROM jobs`)
    expect(rows.map(({ row }) => row).join()).not.toContain('verysecret')
  })

  it.each<[string, string | undefined, Asked]>([
    ['what the source says', 'image/png', { filename: 'noname' }],
    ['what its name says, when the source says nothing', 'application/octet-stream', {}],
    ['what its name says, when the source names no type', undefined, {}],
    ['what was asked for', 'text/html', { contentType: 'image/png' }],
  ])('is taken for %s', async (_, header, asked) => {
    source.give(file(SMALL_PNG, header))
    expect((await untilStatus(bed, await imported(source.url('/x'), asked), 'ready')).contentType).toBe('image/png')
  })

  it('of what another asset has makes one of its own, that outlives the other', async () => {
    const [one, other] = [await imported(source.url('/small.png')), await imported(source.url('/small.png'))]
    await untilStatus(bed, one, 'ready')
    await untilStatus(bed, other, 'ready')
    await bed.database.db.transaction(tx => startDeletion(tx, one))
    await eventually(async () => (await assetOf(bed, one)).purgedAt).not.toBeNull()
    expect((await assetOf(bed, other)).status).toBe('ready')
    await expedite()
    await expectStoreAndRowsAgree(bed)
  })

  it('shows how far it is', async () => {
    const rest = Promise.withResolvers<void>()
    source.give(response => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': PHOTO.length })
      const half = Math.floor(PHOTO.length / 2)
      response.write(PHOTO.subarray(0, half))
      // Progress is written once a second, with what comes then.
      setTimeout(() => response.write(PHOTO.subarray(half, half + 1)), 1200)
      void rest.promise.then(() => response.end(PHOTO.subarray(half + 1)))
    })
    const id = await imported(source.url('/photo.jpg'))
    await eventually(() => jobOf(bed, id)).toMatchObject({ stage: 'importing', progress: expect.closeTo(0.5, 2) })
    rest.resolve()
    await untilStatus(bed, id, 'ready')
  })
})

describe('a source that will not do', () => {
  useWorker(bed, settings)

  const status =
    (code: number, headers: Record<string, string> = {}): Give =>
    response =>
      void response.writeHead(code, headers).end('secret words')

  it.each<[string, Give, string]>([
    ['is not there', status(404), 'IMPORT_NOT_FOUND'],
    ['was there once', status(410), 'IMPORT_NOT_FOUND'],
    ['wants a password', status(401), 'IMPORT_REFUSED'],
    ['refuses', status(403), 'IMPORT_REFUSED'],
    ['has no bytes', file(Buffer.alloc(0), 'image/png'), 'EMPTY_FILE'],
    ['is a page', file(Buffer.from('<p>'), 'text/html'), 'UNSUPPORTED_TYPE'],
    ['is not what it says', file(SMALL_PNG, 'image/gif'), 'TYPE_MISMATCH'],
    ['leads inside', status(302, { location: 'http://169.254.169.254/' }), 'URL_NOT_ALLOWED'],
    ['leads to another scheme', status(302, { location: 'file:///etc/passwd' }), 'URL_NOT_ALLOWED'],
    ['leads in circles', status(302, { location: '/' }), 'TOO_MANY_REDIRECTS'],
  ])('because it %s, fails for good', async (_, give, code) => {
    source.give(give)
    const id = await imported(source.url('/small.png'))
    expect(await failure(id)).toBe(code)
    expect((await jobsOf(id)).at(-1)).toMatch(/ failed$/)
    expect(JSON.stringify(await assetOf(bed, id))).not.toContain('secret')
    await expectStoreAndRowsAgree(bed)
  })

  it('because the project takes no such type or size, or has no room, says so', async () => {
    await setLimits({ allowedTypes: ['image/jpeg'] })
    expect(await failure(await imported(source.url('/small.png')))).toBe('UNSUPPORTED_TYPE')
    await setLimits({ allowedTypes: null, maxUploadBytes: SMALL_PNG.length - 1 })
    expect(await failure(await imported(source.url('/small.png')))).toBe('TOO_LARGE')
    const { bytes, openBytes } = await readUsage(bed.database.db, bed.projectId)
    await setLimits({ maxUploadBytes: null, quotaBytes: bytes + openBytes + SMALL_PNG.length - 1 })
    expect(await failure(await imported(source.url('/small.png')))).toBe('QUOTA_EXCEEDED')
    // Nobody says how long it is, so it shows when it is there: nothing of it stays.
    source.give((response, _) => {
      response.writeHead(200, { 'content-type': 'image/png' })
      response.write(SMALL_PNG)
      response.end()
    })
    expect(await failure(await imported(source.url('/small.png')))).toBe('QUOTA_EXCEEDED')
    await setLimits({ quotaBytes: null })
    await expectStoreAndRowsAgree(bed)
  })

  it('because its content was taken down, is refused before the store has it', async () => {
    const bytes = Buffer.concat([SMALL_PNG, Buffer.from('unwanted')])
    source.give(file(bytes, 'image/png'))
    const first = await imported(source.url('/small.png'))
    await untilStatus(bed, first, 'ready')
    const asset = await assetOf(bed, first)
    await bed.database.db.transaction(tx => takeDown(tx, { asset, reason: 'by law', isEverywhere: false }))
    const id = await imported(source.url('/small.png'))
    expect(await failure(id)).toBe('CONTENT_BLOCKED')
    const objects = await execute(sql`SELECT id FROM objects WHERE asset_id = ${id}`)
    expect([...objects]).toEqual([])
  })
})

describe('a source that cannot answer now', () => {
  useWorker(bed, settings)

  it('is asked again, not before it said', async () => {
    source.give(response => void response.writeHead(503, { 'retry-after': '120' }).end())
    const id = await imported(source.url('/small.png'))
    await eventually(() => jobOf(bed, id)).toMatchObject({ status: 'queued', error: { code: 'IMPORT_UNAVAILABLE' } })
    const { availableAt } = await jobOf(bed, id)
    expect(availableAt.getTime() - Date.now()).toBeGreaterThan(100_000)
    expect((await assetOf(bed, id)).status).toBe('processing')
    source.give(file(SMALL_PNG, 'image/png'))
    await expedite()
    await untilStatus(bed, id, 'ready')
    expect(await attemptsOf(bed, id)).toEqual(['1 failed IMPORT_UNAVAILABLE', '2 done', '1 done'])
  })

  it('fails in the end, and an admin can have it tried again', async () => {
    source.give(response => void response.writeHead(500).end())
    const id = await imported(source.url('/small.png?signature=secret'))
    await execute(sql`UPDATE jobs SET max_attempts = 1 WHERE asset_id = ${id}`)
    expect(await failure(id)).toBe('IMPORT_UNAVAILABLE')
    const { id: jobId } = await jobOf(bed, id)
    expect((await assetOf(bed, id)).sourceExpiresAt).not.toBeNull()
    source.give(file(SMALL_PNG, 'image/png'))
    await bed.database.db.transaction(tx => requeueJob(tx, { id: jobId, projectId: bed.projectId }))
    expect((await untilStatus(bed, id, 'ready')).error).toBeNull()
  })

  it('is forgotten after some days, and then there is nothing to requeue', async () => {
    source.give(response => void response.writeHead(404).end())
    const id = await imported(source.url('/small.png?signature=secret'))
    expect(await failure(id)).toBe('IMPORT_NOT_FOUND')
    await bed.database.db.transaction(tx => dropSource(tx, id))
    expect((await importOf(id))?.url).toContain('secret')
    await execute(sql`UPDATE assets SET source_expires_at = now() WHERE id = ${id}`)
    await bed.database.db.transaction(tx => dropSource(tx, id))
    expect((await importOf(id))?.url).toBeNull()
    const { id: jobId } = await jobOf(bed, id)
    const requeue = bed.database.db.transaction(tx => requeueJob(tx, { id: jobId, projectId: null }))
    await expect(requeue).rejects.toMatchObject({ code: 'SOURCE_GONE' })
  })
})

describe('a connection that is cut', () => {
  useWorker(bed, settings)

  it('is gone on with, in the same attempt and byte for byte', async () => {
    source.give((response, { headers: { range, 'if-range': ifRange } }) => {
      const etag = { etag: '"photo"', 'content-type': 'image/jpeg' }
      const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
      const rest = PHOTO.subarray(start)
      if (start > 0 && ifRange === '"photo"') {
        const where = { 'content-range': `bytes ${start}-${PHOTO.length - 1}/${PHOTO.length}` }
        response.writeHead(206, { ...etag, ...where, 'content-length': rest.length }).end(rest)
      } else {
        response.writeHead(200, { ...etag, 'content-length': PHOTO.length })
        response.write(PHOTO.subarray(0, 20_000), () => setImmediate(() => response.destroy()))
      }
    })
    const id = await imported(source.url('/cut.jpg'), { filename: 'cut.jpg' })
    const asset = await untilStatus(bed, id, 'ready')
    expect(asset).toMatchObject({ byteSize: PHOTO.length, sha256: sha256(PHOTO) })
    expect(await attemptsOf(bed, id)).toEqual(['1 done', '1 done'])
    expect(source.asked.filter(path => path === '/cut.jpg').length).toBeGreaterThan(1)
  })
})

describe('a worker with settings of its own', () => {
  it('does not read what is larger than it takes to its end', async () => {
    const worker = await work({ MAX_UPLOAD_BYTES: '1000' })
    source.give(response => {
      response.writeHead(200, { 'content-type': 'image/png' })
      const more = () => response.write('x'.repeat(500), () => response.destroyed || setImmediate(more))
      more()
    })
    expect(await failure(await imported(source.url('/endless')))).toBe('TOO_LARGE')
    source.give(
      response => void response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1001 }).flushHeaders(),
    )
    expect(await failure(await imported(source.url('/declared')))).toBe('TOO_LARGE')
    await worker.close()
    expect(await runFolders(bed)).toEqual([])
  })

  it('tries a source again at which nobody is, or which breaks off', async () => {
    await work({ OUTBOUND_ALLOW: `${source.host},127.0.0.1:1` })
    source.give(response => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': 9999 })
      response.write('x', () => response.destroy())
    })
    for (const url of ['http://127.0.0.1:1/', source.url('/small.png')]) {
      const id = await imported(url)
      await eventually(() => jobOf(bed, id)).toMatchObject({ lane: 'retry', error: { code: 'URL_UNREACHABLE' } })
      await bed.database.db.transaction(tx => startDeletion(tx, id))
    }
  })

  it('tries a source again that takes longer than allowed', async () => {
    const worker = await work({ IMPORT_TIMEOUT_SEC: '0.5' })
    source.give(response => {
      response.writeHead(200, { 'content-type': 'image/png' })
      const timer = setInterval(() => response.write('x'.repeat(5000)), 20)
      response.on('close', () => clearInterval(timer))
    })
    const id = await imported(source.url('/slow.png'))
    await eventually(() => jobOf(bed, id)).toMatchObject({ lane: 'retry', error: { code: 'URL_TIMEOUT' } })
    await bed.database.db.transaction(tx => startDeletion(tx, id))
    await worker.close()
  })
})

/** A source that has begun and does not go on until it is told to. */
const begun = (): { rest: () => void } => {
  const rest = Promise.withResolvers<void>()
  source.give(response => {
    response.writeHead(200, { 'content-type': 'image/png' })
    response.write(SMALL_PNG.subarray(0, 10))
    void rest.promise.then(() => response.end(SMALL_PNG.subarray(10)))
  })
  return { rest: rest.resolve }
}

describe('while it is under way', () => {
  useWorker(bed, settings)

  it.each<[string, (id: string) => Promise<unknown>, RegExp]>([
    ['deleted', id => bed.database.db.transaction(tx => startDeletion(tx, id)), /^delet/],
    [
      'cancelled by an admin',
      async id => {
        const job = await jobOf(bed, id)
        await bed.database.db.transaction(tx => cancelJob(tx, { id: job.id, projectId: null, keepSourceDays: 7 }))
      },
      /^failed$/,
    ],
  ])('it can be %s, and brings nothing any more', async (_, stop, status) => {
    const { rest } = begun()
    const id = await imported(source.url('/small.png'))
    await eventually(() => runFolders(bed)).toHaveLength(1)
    await stop(id)
    rest()
    await eventually(() => runFolders(bed)).toEqual([])
    expect(bed.b2.requests.list({ operation: 'PutObject' }).filter(({ key }) => key?.includes(id))).toEqual([])
    expect((await assetOf(bed, id)).status).toMatch(status)
    expect((await jobsOf(id)).filter(job => job.startsWith('asset.process'))).toEqual([])
    await execute(sql`UPDATE jobs SET available_at = now() WHERE asset_id = ${id}`)
    await eventually(() => strayVersions(bed, id)).toEqual([])
  })

  it('it is requeued after it was cancelled', async () => {
    const { rest } = begun()
    const id = await imported(source.url('/small.png'))
    await eventually(async () => (await jobOf(bed, id)).status).toBe('running')
    const job = await jobOf(bed, id)
    await bed.database.db.transaction(tx => cancelJob(tx, { id: job.id, projectId: null, keepSourceDays: 7 }))
    rest()
    expect(await failure(id)).toBe('CANCELLED')
    source.give(file(SMALL_PNG, 'image/png'))
    await bed.database.db.transaction(tx => requeueJob(tx, { id: job.id, projectId: null }))
    await untilStatus(bed, id, 'ready')
  })
})

describe('a worker that stops', () => {
  it('hands an import back, and the next begins it anew', async () => {
    const worker = await work({ WORKER_GRACE_SEC: '0' })
    begun()
    const id = await imported(source.url('/small.png'))
    await eventually(() => runFolders(bed)).toHaveLength(1)
    const stoppedAt = performance.now()
    await worker.close()
    expect(performance.now() - stoppedAt).toBeLessThan(30_000)
    expect(await jobOf(bed, id)).toMatchObject({ status: 'queued', attempt: 0, error: null })
    source.give(file(SMALL_PNG, 'image/png'))
    await work()
    await untilStatus(bed, id, 'ready')
    expect(await attemptsOf(bed, id)).toEqual(['1 snoozed', '1 done', '1 done'])
  })
})

describe('two at once', () => {
  /** As a run leaves it whose bytes are in the store. */
  async function stored(id: string) {
    const job = await latestJobOfAsset(bed.database.db, id)
    const claimed = job && (await claimJob(bed.database.db, { jobId: job.id, host: 'test', leaseSec: 60 }))
    if (!claimed) throw new Error('nobody else claims it')
    const { lease } = claimed
    const place = { bucket: PRIVATE_BUCKET, key: uploadKey(bed.projectId, id) }
    const objectId = await reserveImport(bed.database.db, lease, { ...place, contentType: 'image/png' })
    const put = { body: SMALL_PNG, byteSize: SMALL_PNG.length, contentType: 'image/png' }
    const pin = await bed.store.put({ ...place, ...put })
    const bytes = { ...pin, objectId, byteSize: SMALL_PNG.length, sha256: sha256(SMALL_PNG), queue: 'image' as const }
    return () => completeImport(bed.database.db, lease, { ...bytes, contentType: 'image/png' }, { outcome: 'done' })
  }

  it('its end and its deletion: whichever is first, it is deleted, and one job does it', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await imported(source.url('/small.png'))
      const complete = await stored(id)
      const ended = complete().catch(error => error)
      const deleted = bed.database.db.transaction(tx => startDeletion(tx, id))
      const [end, deletion] = await Promise.all([ended, deleted])
      expect([undefined, 'LEASE_LOST']).toContain(end?.code)
      expect(deletion?.asset.status).toBe('deleting')
      const active = await execute(
        sql`SELECT name FROM jobs WHERE asset_id = ${id} AND status IN ('queued', 'running')`,
      )
      expect(active.map(({ name }) => name)).toEqual(['asset.delete'])
    }
  })

  it('its end and its cancellation: whichever is first, the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await imported(source.url('/small.png'))
      const complete = await stored(id)
      const { id: jobId } = await jobOf(bed, id)
      const cancelled = bed.database.db.transaction(tx =>
        cancelJob(tx, { id: jobId, projectId: null, keepSourceDays: 7 }),
      )
      const [end, cancel] = await Promise.all([complete().catch(error => error), cancelled.catch(error => error)])
      const { status } = await assetOf(bed, id)
      if (end === undefined) {
        expect([status, cancel.code]).toEqual(['processing', 'JOB_SETTLED'])
        expect(await jobsOf(id)).toEqual(['asset.import succeeded', 'asset.process queued'])
      } else {
        expect([status, end.code]).toEqual(['failed', 'LEASE_LOST'])
        expect(await jobsOf(id)).toEqual(['asset.import cancelled'])
        expect((await importOf(id))?.url).not.toBeNull()
      }
      await bed.database.db.transaction(tx => startDeletion(tx, id))
    }
  })

  it('runs, because the first lost its lease: the second gives up what it left, and alone can end', async () => {
    const id = await imported(source.url('/small.png'))
    const first = await stored(id)
    await expedite()
    const second = await stored(id)
    const objects = await execute(sql`SELECT state FROM objects WHERE asset_id = ${id} ORDER BY id`)
    expect(objects.map(({ state }) => state)).toEqual(['doomed', 'writing'])
    await expect(first()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await second()
    expect(await jobsOf(id)).toEqual(['asset.import succeeded', 'asset.process queued'])
    await bed.database.db.transaction(tx => startDeletion(tx, id))
  })

  it('ends of the same run: one makes the job', async () => {
    const id = await imported(source.url('/small.png'))
    const complete = await stored(id)
    const ends = await Promise.allSettled([complete(), complete()])
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await jobsOf(id)).toEqual(['asset.import succeeded', 'asset.process queued'])
    await bed.database.db.transaction(tx => startDeletion(tx, id))
  })
})

describe('a worker that is killed', () => {
  it.each(['import.middle', 'import.after-put', 'final.before-commit', 'final.after-commit'])(
    'at %s leaves it to another, and nothing in the store',
    async crashpoint => {
      const id = await imported(source.url('/small.png'))
      const env = bed.env({ WORKER_QUEUES: 'import', OUTBOUND_ALLOW: source.host, DARKROOM_CRASHPOINT: crashpoint })
      const child = spawn(process.execPath, [CRASHING_WORKER], { env, stdio: 'ignore' })
      const signal = await new Promise(resolve => child.on('exit', (_, by) => resolve(by)))
      expect(signal).toBe('SIGKILL')
      await expedite()
      const worker = await work()
      await untilStatus(bed, id, 'ready')
      await worker.close()
      expect(await jobsOf(id)).toEqual(['asset.import succeeded', 'asset.process succeeded'])
      const runs = await attemptsOf(bed, id)
      expect(runs).toEqual(
        crashpoint === 'final.after-commit' ? ['1 done', '1 done'] : ['1 lost its lease', '2 done', '1 done'],
      )
      await expectStoreAndRowsAgree(bed)
      expect(await runFolders(bed)).toEqual([])
    },
  )
})
