import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import { assetOf, jobOf, PHOTO, runFolders, uploaded, useBed, WORKER_MAIN } from './harness.ts'

/** A process of its own takes its time on a busy machine. */
const POLL = { timeout: 90_000, interval: 25 }

const bed = useBed()
let worker: ChildProcess | null = null
afterEach(async () => {
  bed.b2.faults.clear()
  if (worker?.exitCode === null && worker.signalCode === null) {
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
})

/** The worker as it ships, with the switches of the fault harness in its environment. */
function startShippedWorker(env: Record<string, string>) {
  worker = spawn(process.execPath, [WORKER_MAIN], { env: bed.env(env), stdio: 'ignore' })
}

it('the fence of the worker that ships stays closed, whatever its environment says', async () => {
  const puts = () => bed.b2.requests.list({ operation: 'PutObject' }).filter(({ key }) => key?.startsWith('variants/'))
  bed.b2.faults.set({ kind: 'delay', ms: 60_000, times: 1, match: { method: 'PUT', key: 'variants/' } })
  startShippedWorker({ DARKROOM_SABOTAGE: 'fence' })
  const { asset, job } = await uploaded(bed, PHOTO)
  await expect.poll(() => puts().length, POLL).toBeGreaterThan(0)
  // A newer job owns the asset from here on. Renewals of the lease do not notice it; only the fence does.
  await bed.database.db.execute(sql`UPDATE assets SET generation = generation + 1 WHERE id = ${asset.id}`)
  bed.b2.faults.clear()
  await expect.poll(() => runFolders(bed), POLL).toEqual([])
  expect((await assetOf(bed, asset.id)).status).toBe('processing')
  expect(await jobOf(bed, asset.id)).toMatchObject({ id: job.id, status: 'running', attempt: 1 })
})

it('the worker that ships dies at no crash point', async () => {
  startShippedWorker({ DARKROOM_CRASHPOINT: 'claim.after-commit' })
  const { asset } = await uploaded(bed, PHOTO)
  await expect.poll(async () => (await assetOf(bed, asset.id)).status, POLL).toBe('ready')
  expect(worker).toMatchObject({ exitCode: null, signalCode: null })
})
