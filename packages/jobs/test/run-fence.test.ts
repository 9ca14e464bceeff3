import { newId } from '@darkroom/core'
import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import { createRun, type Run } from '../src/run.ts'
import { claimJob, type Lease, type PlannedRow, type RunPlan } from '../src/sql/index.ts'
import { runPlan } from './run-plan.ts'

// Every write of a run, against every way in which the run may have been overtaken: nothing is written, and it hears of it.

const test = useTestDatabase()

const db = () => test.database.db
const execute = (query: SQL) => db().execute(query)

interface Started {
  run: Run
  uploadObjectId: string
  plan: RunPlan & { original: NonNullable<RunPlan['original']> }
  thumb: PlannedRow
}

const target = (contentType: string) => ({ objectId: newId(), bucket: 'b', key: `k/${newId()}`, contentType })

function newPlan(): Pick<Started, 'plan' | 'thumb'> {
  const plan = runPlan()
  const [thumb] = plan.variants
  if (!thumb) throw new Error('it plans a thumb')
  return { thumb, plan: { ...plan, original: target('image/jpeg') } }
}

async function begin(): Promise<Started> {
  const { job, upload } = await confirmedAsset(test)
  const claimed = await claimJob(db(), { jobId: job.id, host: 'test', leaseSec: 60 })
  if (!claimed) throw new Error('nobody else claims it')
  const run = createRun(db(), claimed, { workDir: '', signal: new AbortController().signal })
  const planned = newPlan()
  await run.plan(planned.plan)
  return { run, uploadObjectId: upload.objectId, ...planned }
}

const pin = { versionId: 'v', etag: 'e', byteSize: 5, sha256: 's' }
const publish = ({ run, thumb }: Started) => run.publish({ ...thumb, ...pin }, { progress: 0.5, warnings: [] })
const ends = { placeholder: null, warnings: [], planned: ['thumb'], isWhole: true, peakMemoryBytes: undefined }
const error = { code: 'NO_SPACE', message: 'full', retryable: true }

const end = { outcome: 'done' }

const WRITES: Record<string, (started: Started) => Promise<unknown>> = {
  'its plan': ({ run }) => run.plan(newPlan().plan),
  'the original': ({ run, plan: { original }, uploadObjectId }) =>
    run.storeOriginal({
      ...original,
      ...pin,
      upload: { objectId: uploadObjectId, presignExpiresAt: new Date() },
    }),
  'a variant': publish,
  'a variant that failed': ({ run }) => run.failVariant('thumb', error),
  'how far it is': ({ run }) => run.noteProgress(0.5, 'render'),
  'its end': ({ run }) => run.settle(ends),
  'its end with something left': ({ run }) => run.settle({ ...ends, rest: { error, delayMs: 1000 } }),
}

const OVERTAKEN: Record<string, (lease: Lease) => SQL> = {
  'by another run': ({ jobId }) => sql`UPDATE jobs SET lease_token = ${newId()} WHERE id = ${jobId}`,
  'by the end of its job': ({ jobId }) => sql`UPDATE jobs SET status = 'cancelled' WHERE id = ${jobId}`,
  'by a newer job of the asset': ({ assetId }) =>
    sql`UPDATE assets SET generation = generation + 1 WHERE id = ${assetId}`,
  'by a deletion': ({ assetId }) => sql`UPDATE assets SET deleted_at = now() WHERE id = ${assetId}`,
}

/** All rows that a run may write. */
async function rowsOf({ assetId, jobId }: Lease): Promise<unknown> {
  const [row] = await execute(sql`
    SELECT to_jsonb(assets) AS asset, to_jsonb(jobs) AS job,
      (SELECT jsonb_agg(job_attempts ORDER BY id) FROM job_attempts WHERE job_id = jobs.id) AS attempts,
      (SELECT jsonb_agg(objects ORDER BY id) FROM objects WHERE asset_id = assets.id) AS objects,
      (SELECT jsonb_agg(variants ORDER BY id) FROM variants WHERE asset_id = assets.id) AS variants,
      (SELECT count(*) FROM events WHERE asset_id = assets.id) AS events
    FROM assets, jobs WHERE assets.id = ${assetId} AND jobs.id = ${jobId}`)
  return row
}

describe.each(Object.entries(WRITES))('a run writes %s', (name, write) => {
  /** A run can end once nothing is pending any more. */
  const ready = async () => {
    const started = await begin()
    if (name.startsWith('its end')) await publish(started)
    return started
  }

  it('while it holds its lease', async () => {
    const started = await ready()
    const { lease } = started.run
    const before = await rowsOf(lease)
    await write(started)
    expect(await rowsOf(lease)).not.toEqual(before)
  })

  it.each(Object.entries(OVERTAKEN))('and not when it was overtaken %s', async (_how, overtake) => {
    const started = await ready()
    const { lease } = started.run
    await execute(overtake(lease))
    const before = await rowsOf(lease)
    await expect(write(started)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await rowsOf(lease)).toEqual(before)
  })
})

/** What is guarded by the job alone: a newer job of an asset, or its deletion, has ended this one first. */
const WRITES_OF_JOB: Record<string, (run: Run) => Promise<unknown>> = {
  'the object of an import': run => run.reserveImport(target('image/png')),
  'its source': run => run.setSource('another'),
  'what the bytes are': run => run.adoptDetectedType({ contentType: 'image/png', queue: null }),
  'the end of its job': run => run.succeed(end, async () => undefined),
}

describe.each(Object.entries(WRITES_OF_JOB))('a run writes %s', (_name, write) => {
  it('while it holds its lease', async () => {
    const { run } = await begin()
    const before = await rowsOf(run.lease)
    await write(run)
    expect(await rowsOf(run.lease)).not.toEqual(before)
  })

  it.each(['by another run', 'by the end of its job'])('and not when it was overtaken %s', async how => {
    const { run } = await begin()
    await execute(OVERTAKEN[how]?.(run.lease) ?? sql``)
    const before = await rowsOf(run.lease)
    await expect(write(run)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await rowsOf(run.lease)).toEqual(before)
  })
})
