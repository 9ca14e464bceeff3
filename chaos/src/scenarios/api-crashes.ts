import type { Crashpoint } from '@darkroom/core'
import { makePhoto } from '../client/photo.ts'
import type { Service } from '../deployment/service.ts'
import { secondsToSettle } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

/** Starts as many APIs as there are faults, each armed with one of the points. */
const startArmed = ({ deployment }: ScenarioContext, round: Round, points: readonly Crashpoint[]): Promise<Service[]> =>
  Promise.all(
    Array.from({ length: round.faults }, (_, index) => {
      const crashpoint = points[(round.index + index) % points.length]
      return deployment.processes.start('api', crashpoint ? { crashpoint } : {})
    }),
  )

function expectDead(round: Round, armed: Service[]): number {
  const living = armed.filter(({ exit }) => exit === null)
  round.expect(living.length === 0, 'crash points', `${living.length} of ${armed.length} APIs never passed theirs`)
  return Math.max(...armed.map(({ exit }) => exit?.at ?? performance.now()))
}

const crashAfterPresign: Scenario = {
  number: 1,
  name: 'API dies between presign and reply',
  fault: 'kill -9 of the API after the upload was committed, before the client heard of it',
  expected: 'the client tries again; the row that nobody knows of expires, and nothing is left of it',
  figure: 's until the client had its upload',
  perRound: 5,
  // The default of a day would leave the forgotten rows open; their expiry is made due at the end as well.
  env: { UPLOAD_EXPIRES_HOURS: '0.01', PRESIGN_TTL_SEC: '60' },
  async run(context, round) {
    const armed = await startArmed(context, round, ['create.after-commit'])
    const tookSec = await Promise.all(
      armed.map(async ({ url }) => {
        const photo = await makePhoto(round.random)
        const began = performance.now()
        const started = await context.client.start(photo, { via: url })
        const seconds = (performance.now() - began) / 1000
        await context.client.put(started)
        await context.client.confirm(started)
        return seconds
      }),
    )
    expectDead(round, armed)
    const [row] = await context.deployment.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM assets WHERE status = 'awaiting_upload'`
    round.note('rows nobody knows of, before expiry', row?.count ?? 0)
    return tookSec
  },
}

const crashAroundConfirm: Scenario = {
  number: 4,
  name: 'API dies around the commit of a confirm',
  fault: 'kill -9 of the API before or after the commit of a confirm, before anything reached the queue',
  expected: 'the client confirms again at another API; one job, started from its row',
  figure: 's from the last death until all is settled',
  perRound: 5,
  async run(context, round) {
    const armed = await startArmed(context, round, ['confirm.after-commit', 'confirm.before-commit'])
    await Promise.all(
      armed.map(async ({ url }) => {
        const started = await context.client.start(await makePhoto(round.random))
        await context.client.put(started)
        await context.client.confirm(started, { via: url })
      }),
    )
    return [await secondsToSettle(context, expectDead(round, armed))]
  },
}

export const apiCrashes: readonly Scenario[] = [crashAfterPresign, crashAroundConfirm]
