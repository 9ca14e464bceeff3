import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { requestProjectDeletion, restoreProject } from '../src/deletion/index.ts'
import { readAssetFacts, readGauges, readWorkHistory } from '../src/operations/index.ts'
import { ensureProject } from '../src/projects/index.ts'
import { useTestDatabase } from './database.ts'

const HOUR_SEC = 3600
const DAY_SEC = 24 * HOUR_SEC

const test = useTestDatabase()
/** One that was closed a day ago, between two that are open. */
let closedId: string
const ids: string[] = []
const db = () => test.database.db

beforeAll(async () => {
  for (const name of ['one', 'closed', 'other']) ids.push((await ensureProject(db(), name)).id)
  closedId = ids[1] ?? ''
  for (const id of ids) await addJob(id, id === closedId ? DAY_SEC : HOUR_SEC)
  const deletion = { id: closedId, by: 'operator', delayHours: 100, defaultDelayHours: 1 }
  await db().transaction(tx => requestProjectDeletion(tx, deletion))
})

/** A job that has waited for so long, of an asset that is processed for as long. @returns the asset */
async function addJob(projectId: string, ageSec: number): Promise<string> {
  const since = sql`now() - make_interval(secs => ${ageSec})`
  const [row] = await db().execute<{ id: string }>(sql`
    WITH made AS (
      INSERT INTO assets (id, project_id, preset_id, status, filename, content_type, byte_size, confirmed_at)
      VALUES (gen_random_uuid(), ${projectId}, ${test.presetId}, 'processing', 'x', 'image/png', 1, ${since}) RETURNING id
    )
    INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, available_at)
    SELECT gen_random_uuid(), ${projectId}, id, 'asset.process', 'image', 'interactive', ${since} FROM made
    RETURNING asset_id AS id`)
  return row?.id ?? ''
}

const isAbout = (seconds: number) => ({
  asymmetricMatch: (actual: unknown) => Math.abs(Number(actual) - seconds) < HOUR_SEC / 2,
})
const ages = async () => {
  const { undispatchedAgeSec, unsettledAgeSec } = await readGauges(db())
  return [undispatchedAgeSec, unsettledAgeSec]
}
const waiting = async () =>
  (await readWorkHistory(db())).waiting.filter(({ queue }) => queue === 'image').map(({ projectId }) => projectId)
const factsOf = (id: string) => readAssetFacts(db(), { id, projectId: null, sweepAfterSec: 60 })

it('what waits of a closed project makes nothing look late, and nobody waits for it', async () => {
  const last = await addJob(test.projectId, 60)
  expect(await ages()).toEqual([isAbout(HOUR_SEC), isAbout(HOUR_SEC)])
  expect((await waiting()).toSorted()).toEqual([test.projectId, ids[0], ids[2]].toSorted())
  expect(await factsOf(last)).toMatchObject({ projectDeletesAt: null, queue: { jobsAhead: 2 } })
})

it('what removes things of a closed project is done, so it counts', async () => {
  const [job] = await db().execute<{ id: string }>(
    sql`UPDATE jobs SET queue = 'system' WHERE project_id = ${closedId} RETURNING asset_id AS id`,
  )
  expect(await ages()).toEqual([isAbout(DAY_SEC), isAbout(HOUR_SEC)])
  expect(await factsOf(job?.id ?? '')).toMatchObject({ projectDeletesAt: expect.any(Date) })
  await db().execute(sql`UPDATE jobs SET queue = 'image' WHERE project_id = ${closedId}`)
})

it('what waits of a project that was restored counts again', async () => {
  await db().transaction(tx => restoreProject(tx, closedId))
  expect(await ages()).toEqual([isAbout(DAY_SEC), isAbout(DAY_SEC)])
  expect(await waiting()).toContain(closedId)
})
