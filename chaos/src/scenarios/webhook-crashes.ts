import type { Crashpoint } from '@darkroom/core'
import { untilDelivered } from '../checker/wait-until-delivered.ts'
import type { Service } from '../deployment/service.ts'
import { eventually, scaledTimeout } from '../eventually.ts'
import { secondsSince } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'
import { change, readyAsset, UPDATED } from './webhook-load.ts'

const POINTS: readonly Crashpoint[] = [
  'webhooks.before-commit',
  'webhooks.after-commit',
  'delivery.after-claim',
  'delivery.after-answer',
  'delivery.after-commit',
]
/** Passed once for each message. */
const PASSED_OFTEN = /^delivery/
const NAMES = ['first', 'second', 'third']
const GIVE_UP_MS = 60_000
const CHANGE_EVERY_MS = 100

/** Makes things happen until the worker that is told of them has met its point. */
async function changeUntilDead(context: ScenarioContext, round: Round, assetId: string, armed: Service): Promise<void> {
  const { isOver } = scaledTimeout(GIVE_UP_MS)
  const changeAndLook = async () => {
    await change(context, assetId)
    return armed.exit
  }
  await eventually('the armed worker dies', changeAndLook, exit => exit !== null || isOver(), {
    withinMs: GIVE_UP_MS * 2,
    everyMs: CHANGE_EVERY_MS,
  })
  round.expect(armed.exit?.signal === 'SIGKILL', 'crash points', `not by its own hand: ${armed.logTail()}`)
  await armed.kill()
}

/** Expires the leases of deliveries. Nobody lives who could hold one. */
const expireLeases = ({ deployment: { sql } }: ScenarioContext) =>
  sql`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`

export const webhookCrashes: Scenario = {
  number: 41,
  name: 'worker dies over a webhook',
  fault:
    'kill -9 of the worker before or after it commits the deliveries of an event, after it took one, after it was answered, after it wrote that down',
  expected: 'every event reaches every receiver, each time under the same webhook-id',
  figure: 's from the last death until everything was delivered; one round in four waits for the leases of the dead',
  backends: ['postgres'],
  perRound: POINTS.length,
  async run(context, round) {
    const { subscribers, timing, deployment } = context
    const { processes } = deployment
    const assetId = await readyAsset(context, round)
    const told = await Promise.all(NAMES.map(name => subscribers.open(name, [UPDATED])))
    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    for (const point of POINTS.slice(0, round.faults)) {
      const crashpoint = PASSED_OFTEN.test(point) ? `${point}:${round.random.int(1, 6)}` : point
      await expireLeases(context)
      await changeUntilDead(context, round, assetId, await processes.start('worker', { crashpoint }))
    }
    if (round.index % 4 !== 0) await expireLeases(context)
    const lastDeath = performance.now()
    await processes.complete()
    await untilDelivered(deployment, timing.settleMs)
    const seen = told.flatMap(({ receiver }) => receiver.received.map(({ id }) => id))
    round.note('messages', new Set(seen).size)
    round.note('messages that came again', seen.length - new Set(seen).size)
    return [secondsSince(lastDeath)]
  },
}
