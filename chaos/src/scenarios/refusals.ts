import { QueuesOverview } from '@darkroom/contracts'
import { eventually } from '../eventually.ts'
import { REFUSALS, type Refusal, startRefusingStore } from '../nemesis/refusing-store.ts'
import { secondsToSettle, uploadPhotos } from './load.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

const PAUSE_MS = 30_000
const QUEUE = 'image'

async function pauseOf({ operator }: ScenarioContext) {
  const { body } = await operator.call('GET', '/v1/admin/queues')
  const overview = QueuesOverview.parse(body)
  return {
    queue: overview.queues.find(({ queue }) => queue === QUEUE),
    alarms: overview.alarms.map(({ code }) => code),
  }
}

const refused: Scenario = {
  number: 27,
  name: 'store refuses: cap or key',
  fault: '403 for a cap, a bad key or an expired key, on every request of the workers',
  expected: 'the queue pauses itself and raises an alarm; no attempts are burned; resume works',
  figure: 's from the resume until all is settled',
  async run(context, round) {
    const { proxies, sql } = context.deployment
    const kinds = Object.keys(REFUSALS) as Refusal[]
    const refusing = await startRefusingStore(round.random.pick(kinds))
    try {
      proxies.store.divert({ host: '127.0.0.1', port: refusing.port })
      await uploadPhotos(context, round, 6)
      const seen = await eventually(
        'the queue pauses itself',
        () => pauseOf(context),
        ({ queue }) => queue?.pausedBy === 'alarm',
        { withinMs: PAUSE_MS, everyMs: 200 },
      )
      round.expect(
        seen.alarms.some(code => code.startsWith('STORE_')),
        'alarm',
        `there are ${seen.alarms.join(', ') || 'none'}`,
      )
      proxies.store.divert(null)
      const resumed = await context.operator.call('POST', `/v1/admin/queues/${QUEUE}/resume`, { json: {} })
      round.expect(resumed.status < 300, 'resume', `answered ${resumed.status}: ${JSON.stringify(resumed.body)}`)
      const took = await secondsToSettle(context, performance.now())
      const [most] = await sql<{ attempts: number }[]>`
        SELECT coalesce(max(attempt), 0) AS attempts FROM jobs WHERE name = 'asset.process'`
      round.expect(most?.attempts === 1, 'attempts', `a job used up ${most?.attempts}, and needed one`)
      return [took]
    } finally {
      await refusing.close()
    }
  },
}

export const refusals: readonly Scenario[] = [refused]
