import { randomUUID } from 'node:crypto'
import { startDeletion } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  assetOf,
  attemptsOf,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  lentFiles,
  mediaProcesses,
  PHOTO,
  purgeSecondPass,
  runFolders,
  sha256,
  strayVersions,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()
beforeAll(async () => {
  await bed.startWorker()
})
afterEach(() => bed.b2.faults.clear())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

/** A photo whose run is held up at a step of the store until the faults are cleared. */
async function heldUp(match: { method: string; key: string }) {
  bed.b2.faults.set({ kind: 'delay', ms: 60_000, match, times: 1 })
  const before = bed.b2.requests.count()
  const upload = await uploaded(bed, PHOTO)
  const reached = () =>
    bed.b2.requests
      .list()
      .slice(before)
      .some(request => request.method === match.method && request.key?.startsWith(match.key))
  await eventually(reached).toBe(true)
  return upload
}

const STEPS = [
  ['the download', { method: 'GET', key: 'uploads/' }],
  ['the promotion', { method: 'PUT', key: 'originals/' }],
  ['the writing of variants', { method: 'PUT', key: 'variants/' }],
] as const

describe.each(STEPS)('during %s', (_title, match) => {
  it('a run whose lease is stolen ends quietly and takes away what it wrote', async () => {
    const { asset, job } = await heldUp(match)
    await execute(
      sql`UPDATE jobs SET lease_token = ${randomUUID()}, lease_until = now() + interval '60 s' WHERE id = ${job.id}`,
    )
    bed.b2.faults.clear()
    await eventually(() => runFolders(bed)).toEqual([])
    const stolen = await jobOf(bed, asset.id)
    expect(stolen).toMatchObject({ status: 'running', attempt: 1, error: null })
    expect((await assetOf(bed, asset.id)).status).toBe('processing')
    const writing = () => execute(sql`SELECT key FROM objects WHERE asset_id = ${asset.id} AND state = 'writing'`)
    await eventually(async () => [...(await writing())]).toEqual([])
    await eventually(() => strayVersions(bed, asset.id)).toEqual([])

    // The thief is gone as well: maintenance notices, and the next run goes on from what stands.
    await execute(sql`UPDATE jobs SET lease_until = now() - interval '1 s' WHERE id = ${job.id}`)
    const ready = await untilStatus(bed, asset.id, 'ready')
    expect(ready.sha256).toBe(sha256(PHOTO))
    expect((await attemptsOf(bed, asset.id)).map(attempt => attempt.split(' ')[0])).toEqual(['1', '2'])
    await expectStoreAndRowsAgree(bed)
  })

  it('a deletion is final: nothing is published after it and nothing is left', async () => {
    const { asset, job } = await heldUp(match)
    await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
    bed.b2.faults.clear()
    await eventually(() => runFolders(bed)).toEqual([])
    await eventually(async () => (await assetOf(bed, asset.id)).purgedAt).not.toBeNull()
    expect(await assetOf(bed, asset.id)).toMatchObject({ status: 'deleting' })
    expect(await variantsInStore(bed, asset.id)).toEqual([])
    const [first] = await execute(sql`SELECT status FROM jobs WHERE id = ${job.id}`)
    expect(first?.status).toBe('cancelled')
    await eventually(() => strayVersions(bed, asset.id)).toEqual([])
    const published = await execute(
      sql`SELECT type FROM events WHERE asset_id = ${asset.id} AND seq > (SELECT seq FROM events WHERE asset_id = ${asset.id} AND type = 'asset.deleting') AND type NOT IN ('job.started', 'job.returned', 'asset.purged')`,
    )
    expect([...published]).toEqual([])

    await purgeSecondPass(bed)
    await execute(sql`UPDATE jobs SET available_at = now() WHERE asset_id = ${asset.id} AND status = 'queued'`)
    await untilStatus(bed, asset.id, 'deleted')
    const left = await execute(sql`SELECT 1 FROM objects WHERE asset_id = ${asset.id}`)
    expect([...left]).toEqual([])
    await expectStoreAndRowsAgree(bed)
  })
})

describe('a run whose media process is killed', () => {
  it('costs one attempt and is done by the next', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await eventually(() => lentFiles(bed)).not.toEqual([])
    for (const pid of mediaProcesses()) process.kill(pid, 'SIGKILL')
    await untilStatus(bed, asset.id, 'ready')
    const attempts = await attemptsOf(bed, asset.id)
    expect([attempts[0], attempts.at(-1)]).toEqual(['1 failed WORKER_CRASHED', `${attempts.length} done`])
    expect(attempts.length).toBeLessThanOrEqual(3)
    await eventually(() => runFolders(bed)).toEqual([])
    await expectStoreAndRowsAgree(bed)
  })
})

describe('a job that is run again after everything was committed', () => {
  it('writes nothing a second time', async () => {
    const { asset, job } = await uploaded(bed, PHOTO)
    await untilStatus(bed, asset.id, 'ready')
    await eventually(() => runFolders(bed)).toEqual([])
    const keysOf = async () => (await variantsInStore(bed, asset.id)).map(({ object }) => object?.key)
    const before = await keysOf()
    bed.b2.requests.clear()
    // As if the worker had died between its last variant and the end of the job.
    await execute(sql`UPDATE assets SET status = 'processing', ready_at = NULL WHERE id = ${asset.id}`)
    await execute(sql`UPDATE jobs SET status = 'running', lease_until = now() - interval '1 s' WHERE id = ${job.id}`)
    await untilStatus(bed, asset.id, 'ready')
    expect(await keysOf()).toEqual(before)
    expect(bed.b2.requests.count({ method: 'PUT' })).toBe(0)
    await expectStoreAndRowsAgree(bed)
  })
})
