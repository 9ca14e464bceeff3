import { findPurgeable, giveUpRun, markPurged } from '@darkroom/db/assets'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import {
  findDueAssets,
  findExpiredAssets,
  findExpiredSources,
  finishDeletion,
  markAssetPurged,
  startDeletion,
} from '@darkroom/db/deletion'
import { reprocessAsset } from '@darkroom/db/jobs'
import { readGauges } from '@darkroom/db/operations'
import {
  findUploadByKey,
  sourceOfAsset,
  takeInboxEvents,
  takeUnpromoted,
  takeUploadsToCheck,
} from '@darkroom/db/uploads'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import {
  cancelJob,
  claimJob,
  completeRun,
  endJob,
  fenced,
  findLostLeases,
  planRun,
  publishVariant,
  renewLeases,
  requeueJob,
  requeueLostJob,
  returnJob,
  takeDispatches,
} from '../src/sql/index.ts'
import { insertManyJobs } from './many-jobs.ts'
import { runPlan } from './run-plan.ts'

const test = useTestDatabase()
/** One connection that reads a whole table only where nothing else leads to a row. */
let database: DatabaseClient
beforeAll(async () => {
  const filling = createDatabase(test.url, { max: 1 })
  await fill(filling, test.presetId)
  await filling.close()
  database = createDatabase(`${test.url}?enable_seqscan=off`, { max: 1, genericPlans: true })
})
afterAll(async () => {
  await database.close()
})

/** Tables that grow with every upload. */
const GROWING = ['assets', 'uploads', 'objects', 'variants', 'jobs', 'job_attempts', 'events', 'inbox']

/** Rows of each growing table that there are before a test begins, and that no work needs half of. */
const ROWS = 2000

/** Entries that were read of each table so far, by whichever way. */
async function rowsRead(): Promise<Map<string, number>> {
  await database.db.execute(sql`SELECT pg_stat_force_next_flush()`)
  const rows = await database.db.execute<{ table: string; entries: number }>(sql`
    SELECT relname AS table, (seq_tup_read + (
      SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes WHERE relid = tables.relid
    ))::int AS entries
    FROM pg_stat_user_tables AS tables WHERE schemaname = 'public'`)
  return new Map(rows.map(row => [row.table, row.entries]))
}

/** The growing tables of which some work reads the greater part. */
async function readWhole(work: () => Promise<unknown>): Promise<string[]> {
  const before = await rowsRead()
  await work()
  const after = await rowsRead()
  return GROWING.filter(table => (after.get(table) ?? 0) - (before.get(table) ?? 0) > ROWS / 2)
}

async function fill({ db }: DatabaseClient, presetId: string): Promise<void> {
  await db.transaction(tx => insertManyJobs(tx, presetId, ROWS))
  await db.execute(sql`
    INSERT INTO job_attempts (id, job_id, attempt, lease_token, host, finished_at, outcome)
    SELECT id, id, 1, gen_random_uuid(), 'test', created_at, 'done' FROM jobs`)
  await db.execute(sql`
    INSERT INTO variants (id, project_id, asset_id, name, position, required, status, object_id, fingerprint)
    SELECT gen_random_uuid(), project_id, asset_id, 'thumb', 0, true, 'ready', id, '' FROM objects`)
  await db.execute(sql`
    INSERT INTO events (project_id, asset_id, seq, type) SELECT project_id, id, 1, 'asset.created' FROM assets`)
  await db.execute(sql`
    INSERT INTO inbox (event_id, type, bucket, key, outcome) SELECT key, 'b2:', bucket, key, 'confirmed' FROM objects`)
  await db.execute(sql`ANALYZE`)
  // Or this connection reports what it has read ten seconds later, while something else is measured.
  await db.execute(sql`SELECT pg_stat_force_next_flush()`)
}

async function claimed() {
  const { job, asset, upload } = await confirmedAsset(test)
  const run = await claimJob(database.db, { jobId: job.id, host: 'test', leaseSec: 15 })
  if (!run) throw new Error('nobody else claims it')
  return { ...run, asset, upload }
}

async function publishAll({ lease }: Awaited<ReturnType<typeof claimed>>, plan: ReturnType<typeof runPlan>) {
  for (const { name, objectId, fingerprint } of plan.variants) {
    const file = {
      versionId: 'v',
      etag: 'e',
      contentType: 'image/webp',
      byteSize: 5,
      width: 10,
      height: 10,
      sha256: 's',
    }
    await publishVariant(database.db, lease, { name, objectId, fingerprint, ...file }, { progress: 1, warnings: [] })
  }
}

/** An asset that was processed, with an object that was given up and whose time has come. */
async function processed() {
  const run = await claimed()
  const plan = runPlan(['thumb'])
  await planRun(database.db, run.lease, plan)
  await publishAll(run, plan)
  await completeRun(database.db, run.lease, {
    placeholder: null,
    warnings: [],
    planned: ['thumb'],
    isWhole: true,
    peakMemoryBytes: 1,
  })
  await database.db.execute(sql`
    UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() WHERE id = ${run.upload.objectId}`)
  return run
}

const inTx = <T>(work: Parameters<typeof database.db.transaction<T>>[0]) => database.db.transaction(work)

/** What is done for every upload, file or job: made ready first, then done. */
const WORK: [string, () => Promise<() => Promise<unknown>>][] = [
  ['a confirm', async () => () => confirmedAsset({ ...test, database })],
  [
    'an event of the store',
    async () => {
      const { upload } = await confirmedAsset(test)
      const [object] = await database.db.execute<{ key: string }>(
        sql`SELECT key FROM objects WHERE id = ${upload.objectId}`,
      )
      return async () => {
        const found = await findUploadByKey(database.db, { bucket: 'private', key: object?.key ?? '' })
        expect(found?.upload.id).toBe(upload.id)
      }
    },
  ],
  [
    'a claim',
    async () => {
      const { job } = await confirmedAsset(test)
      return () => claimJob(database.db, { jobId: job.id, host: 'test', leaseSec: 15 })
    },
  ],
  ['a dispatch', async () => () => takeDispatches(database.db, { queue: 'image', maxDepth: 10 })],
  [
    'a renewal',
    async () => {
      const { lease } = await claimed()
      return () => renewLeases(database.db, [lease.leaseToken], 15)
    },
  ],
  [
    'a run',
    async () => {
      const run = await claimed()
      return async () => {
        const plan = runPlan(['thumb', 'medium'])
        await sourceOfAsset(database.db, run.asset)
        await planRun(database.db, run.lease, plan)
        await publishAll(run, plan)
        await completeRun(database.db, run.lease, {
          placeholder: null,
          warnings: [],
          planned: ['thumb'],
          isWhole: true,
          peakMemoryBytes: 1,
        })
        await giveUpRun(database.db, { assetId: run.asset.id, leaseToken: run.lease.leaseToken })
      }
    },
  ],
  [
    'a retry',
    async () => {
      const { lease } = await claimed()
      const again = { delayMs: 0, lane: 'retry' as const, countsAsAttempt: true, end: { outcome: 'failed' } }
      return () => fenced(database.db, lease, tx => returnJob(tx, lease, again))
    },
  ],
  [
    'the end of a job',
    async () => {
      const { lease } = await claimed()
      return () => fenced(database.db, lease, tx => endJob(tx, lease, 'failed', { outcome: 'failed' }))
    },
  ],
  [
    'the return of a lost job',
    async () => {
      const { job } = await claimed()
      await database.db.execute(sql`UPDATE jobs SET lease_until = now() - interval '1 s' WHERE id = ${job.id}`)
      return async () => {
        await findLostLeases(database.db, 10)
        await inTx(tx => requeueLostJob(tx, job))
      }
    },
  ],
  [
    'a cancel and a requeue',
    async () => {
      const { job } = await claimed()
      return async () => {
        await inTx(tx => cancelJob(tx, { id: job.id, projectId: null, keepSourceDays: 7 }))
        await inTx(tx => requeueJob(tx, { id: job.id, projectId: null }))
      }
    },
  ],
  [
    'a reprocess',
    async () => {
      const { asset } = await processed()
      await database.db.execute(sql`UPDATE objects SET state = 'live' WHERE asset_id = ${asset.id}`)
      return () => inTx(tx => reprocessAsset(tx, { asset, queue: 'image' }))
    },
  ],
  [
    'a purge',
    async () => {
      const { upload } = await processed()
      return async () => {
        await findPurgeable(database.db, 10)
        await markPurged(database.db, upload.objectId)
      }
    },
  ],
  [
    'a deletion',
    async () => {
      const { asset } = await processed()
      return async () => {
        await inTx(tx => startDeletion(tx, asset.id))
        await inTx(tx => markAssetPurged(tx, asset.id))
        await inTx(tx => finishDeletion(tx, asset.id))
      }
    },
  ],
  ['the search for what to purge', async () => () => findPurgeable(database.db, 10)],
  ['the search for uploads that expired', async () => () => findExpiredAssets(database.db, 10)],
  ['the search for assets whose deletion is due', async () => () => findDueAssets(database.db, 10)],
  ['the search for sources that expired', async () => () => findExpiredSources(database.db, 10)],
  [
    'the search for what to promote',
    async () => {
      const { asset } = await confirmedAsset(test)
      await database.db.execute(sql`UPDATE assets SET confirmed_at = '2000-01-01' WHERE id = ${asset.id}`)
      return async () => {
        const mintKey = (projectId: string, assetId: string) => `originals/${projectId}/${assetId}/x`
        const taken = await takeUnpromoted(database.db, { olderThanSec: 0, limit: 10, bucket: 'b', mintKey })
        expect(taken[0]).toMatchObject({ assetId: asset.id, target: { state: 'writing' } })
      }
    },
  ],
  [
    'the search for unconfirmed uploads',
    async () => () => takeUploadsToCheck(database.db, { firstAfterSec: 120, limit: 10 }),
  ],
  ['the search for events', async () => () => takeInboxEvents(database.db, 10)],
  ['a look at the gauges', async () => () => readGauges(database.db)],
]

describe('however many there are', () => {
  it.each(WORK)('%s reads no growing table as a whole', async (_, prepare) => {
    const work = await prepare()
    expect(await readWhole(work)).toEqual([])
  })

  it('the measure notices one that is', async () => {
    expect(await readWhole(async () => database.db.execute(sql`SELECT count(host) FROM job_attempts`))).toEqual([
      'job_attempts',
    ])
  })
})
