import { join } from 'node:path'
import { Project } from '@darkroom/contracts'
import type { Crashpoint } from '@darkroom/core'
import { z } from 'zod'
import { listMultiparts, listVersions } from '../checker/store-listing.ts'
import { type Client, createClient, UnexpectedAnswer } from '../client/client.ts'
import { createExpectedState } from '../client/expected-state.ts'
import { makePhoto } from '../client/photo.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { PRIVATE_BUCKET, PUBLIC_BUCKET } from '../deployment/settings.ts'
import { eventually } from '../eventually.ts'
import { awaitLater, secondsSince, uploadPhotos } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const POINTS: readonly Crashpoint[] = ['project.before-commit', 'project.after-commit', 'purge.after-delete']
const PHOTOS = 6
const GIVE_UP_MS = 120_000

const Made = z.object({ id: z.string() })
const Key = z.object({ key: z.string() })

/** Sends one of several requests of an operator. @throws UnexpectedAnswer */
async function operate(context: ScenarioContext, method: string, path: string, json?: object): Promise<unknown> {
  const answer = await context.operator.call(method, path, json && { json })
  if (answer.status >= 300) throw new UnexpectedAnswer(`${method} ${path}`, answer)
  return answer.body
}

/** Creates a project that is about to be deleted, with a client whose uploads need not survive. */
async function leavingProject(context: ScenarioContext, name: string): Promise<{ id: string; client: Client }> {
  const { id } = Made.parse(await operate(context, 'POST', '/v1/admin/projects', { name }))
  const made = await operate(context, 'POST', `/v1/admin/projects/${id}/keys`, {
    name: 'leaving',
    scopes: ['upload', 'read', 'write', 'admin'],
  })
  const { processes, logFolder } = context.deployment
  const expectedState = createExpectedState(join(logFolder, `${name}.jsonl`))
  const reach = { urls: processes.apiUrls, expectedState, timeoutMs: context.timing.settleMs }
  return { id, client: createClient({ ...reach, tenant: 'other', key: Key.parse(made).key }) }
}

/** Makes second passes due, as if the signed URLs had expired. */
async function makeDue({ sql }: Deployment, id: string): Promise<void> {
  await sql`UPDATE objects SET purge_at = least(purge_at, now()), purge_until = least(purge_until, now())
    WHERE project_id = ${id} AND state = 'doomed' AND purge_at = purge_until`
  await sql`UPDATE jobs SET available_at = now() WHERE project_id = ${id} AND status = 'queued' AND available_at > now()`
  await sql`UPDATE project_deletions SET round_starts_at = now() WHERE project_id = ${id}`
}

async function expectNothingLeft({ deployment }: ScenarioContext, round: Round, id: string): Promise<void> {
  const { sql, store } = deployment
  const tables = await sql<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'project_id' AND table_name <> 'project_deletions'`
  for (const { name } of tables) {
    const rows = await sql`SELECT FROM ${sql(name)} WHERE project_id = ${id} LIMIT 1`
    round.expect(rows.length === 0, 'rows of a deleted project', name)
  }
  const lists = await Promise.all(
    [PRIVATE_BUCKET, PUBLIC_BUCKET].flatMap(bucket => [
      listVersions(store.url, bucket),
      listMultiparts(store.url, bucket),
    ]),
  )
  const left = lists.flat().filter(({ key }) => key.includes(id))
  round.expect(left.length === 0, 'objects of a deleted project', left.map(({ key }) => key).join(', '))
}

const deletedUnderLoad: Scenario = {
  number: 46,
  name: 'project deleted under load',
  fault:
    'a project is deleted while it and others upload; kill -9 of whoever removes its rows or objects, and of an API',
  expected: 'nothing of it is left, in rows or store; nothing of the others is lost',
  figure: 's from the DELETE until nothing is left',
  apis: 2,
  perRound: POINTS.length,
  async run(context, round) {
    const { processes } = context.deployment
    const { id, client } = await leavingProject(context, `leaving-${round.index}`)
    const photos = await Promise.all(Array.from({ length: PHOTOS }, () => makePhoto(round.random)))
    await Promise.all(photos.slice(1).map(photo => client.upload(photo)))
    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    const armed = await Promise.all(
      POINTS.slice(0, round.faults).map(point =>
        processes.start('worker', { crashpoint: `${point}:${round.random.int(1, 3)}` }),
      ),
    )
    // Refused by then, or in time and deleted with the rest.
    const last = photos[0]
    if (last) awaitLater(client.upload(last))
    const others = awaitLater(uploadPhotos(context, round, PHOTOS))
    const askedAt = performance.now()
    await operate(context, 'DELETE', `/v1/admin/projects/${id}?confirm=leaving-${round.index}&delayHours=0`)
    await processes.alive('api')[0]?.kill()
    const isGone = async () => {
      await makeDue(context.deployment, id)
      // Who met no point of its own must not keep the project; the others are replaced as they die.
      if (armed.every(({ exit }) => exit !== null)) await processes.complete()
      const { status } = Project.parse(await operate(context, 'GET', `/v1/admin/projects/${id}`))
      return status
    }
    await processes.revive()
    await eventually('the project is gone', isGone, status => status === 'deleted', {
      withinMs: GIVE_UP_MS,
      everyMs: 300,
    })
    await others
    await expectNothingLeft(context, round, id)
    for (const { exit, logTail } of armed) round.expect(exit?.signal === 'SIGKILL', 'crash points', logTail())
    return [secondsSince(askedAt)]
  },
}

export const projectDeletion: readonly Scenario[] = [deletedUnderLoad]
