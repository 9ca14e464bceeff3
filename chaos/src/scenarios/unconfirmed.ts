import { makeHeavyPhoto } from '../client/photo.ts'
import { eventually } from '../eventually.ts'
import { awaitLater, deliverPhotos, secondsSince } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const SWEEP_AFTER_SEC = '3'
const AT_ONCE = 5

/** Waits until unconfirmed bytes are found. @returns seconds from each PUT until its asset is processed */
async function untilFound(context: ScenarioContext, round: Round): Promise<number[]> {
  const { client, deployment, timing } = context
  const began = performance.now()
  const delivered = await deliverPhotos(context, round, round.faults)
  return Promise.all(
    delivered.map(async ({ asset }) => {
      await eventually(
        `the bytes of ${asset.id} are found`,
        async () =>
          (await deployment.sql`SELECT 1 FROM assets WHERE id = ${asset.id} AND confirmed_at IS NOT NULL`).length,
        count => count > 0,
        { withinMs: timing.settleMs },
      )
      const took = secondsSince(began)
      await client.settled(asset.id, timing.settleMs)
      return took
    }),
  )
}

const neverConfirmed: Scenario = {
  number: 2,
  name: 'client never confirms',
  fault: 'the bytes are put and nobody says so; the sweeper is killed at its work in between',
  expected: 'the sweeper finds them, and they are processed',
  figure: `s from PUT to found (first look after ${SWEEP_AFTER_SEC} s)`,
  perRound: AT_ONCE,
  env: { SWEEP_AFTER_SEC },
  expectsUnconfirmed: true,
  async run(context, round) {
    const { processes } = context.deployment
    if (round.index % 2 === 0) return untilFound(context, round)
    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    const armed = await processes.start('worker', { crashpoint: 'sweep.after-head' })
    awaitLater(armed.exited.then(() => processes.revive()))
    const figures = await untilFound(context, round)
    round.expect(armed.exit !== null, 'crash points', 'the worker never passed its own')
    return figures
  },
}

const silentEvents: Scenario = {
  number: 32,
  name: 'events of the store never come',
  fault: 'the rule for event notifications is suspended: the store sends nothing, and clients rely on it',
  expected: 'the sweeper finds the uploads; an alarm names the silence',
  figure: `s from PUT to found (first look after ${SWEEP_AFTER_SEC} s)`,
  perRound: AT_ONCE,
  env: { SWEEP_AFTER_SEC },
  expectsUnconfirmed: true,
  async run(context, round) {
    const figures = await untilFound(context, round)
    const [alarm] = await context.deployment.sql`SELECT 1 FROM alarms WHERE code = 'EVENTS_SILENT'`
    round.note('rounds with the alarm EVENTS_SILENT', alarm ? 1 : 0)
    return figures
  },
}

const halfMultipart: Scenario = {
  number: 10,
  name: 'client dies in a multipart upload',
  fault:
    'the client sends one part of several and is never heard of again, or the API dies before it has noted the id that the store gave',
  expected: 'the upload expires; its parts are removed from the store',
  figure: 's until the client knew where to put its parts',
  perRound: AT_ONCE,
  async run({ client, deployment }, round) {
    const armed = await deployment.processes.start('api', { crashpoint: 'multipart.after-create' })
    const began = performance.now()
    await Promise.all(
      Array.from({ length: round.faults }, async (_, index) => {
        const photo = await makeHeavyPhoto(round.random, 5_200_000)
        const started = await client.start(photo, { more: { multipart: true }, ...(index === 0 && { via: armed.url }) })
        round.expect(started.upload.type === 'multipart', 'upload', `its type is ${started.upload.type}`)
        if (started.upload.type === 'multipart') await client.putPart(started, 1)
      }),
    )
    round.expect(armed.exit !== null, 'crash points', 'the API never passed its own')
    await armed.kill()
    return [secondsSince(began)]
  },
}

export const unconfirmed: readonly Scenario[] = [neverConfirmed, silentEvents, halfMultipart]
