import { setTimeout as sleep } from 'node:timers/promises'
import type { Behaviour } from '../client/receiver.ts'
import type { Subscriber } from '../client/subscribers.ts'
import { secondsSince } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'
import { webhookCrashes } from './webhook-crashes.ts'
import { ATTEMPTS, fastForward, scheduleDeviations } from './webhook-days.ts'
import { isolation } from './webhook-isolation.ts'
import { acceptedBy, changeOften, readyAsset, UPDATED, untilAccepted } from './webhook-load.ts'

const MESSAGES = 2
const TIMEOUT_MS = 15_000
/** Longer than the loop needs to find what is new. */
const QUIET_MS = 1500

interface EndpointState {
  enabled: boolean
  disabledReason: string | null
  failingSince: string | null
}

async function stateOf({ client }: ScenarioContext, { endpointId }: Subscriber): Promise<EndpointState> {
  const { body } = await client.caller.call('GET', '/v1/webhooks')
  const { items } = body as { items: (EndpointState & { id: string })[] }
  const found = items.find(({ id }) => id === endpointId)
  if (!found) throw new Error(`endpoint ${endpointId} is not listed`)
  return found
}

/** Ways to be no good for three days. */
const FAILURES: Record<string, (elsewhere: string) => Behaviour[]> = {
  'answers 500': () => [{ status: 500 }],
  redirects: elsewhere => [{ status: 301, location: elsewhere }],
  'hangs, then answers 503': () => ['hang', { status: 503 }],
  'is down': () => [],
}
const GONE = 'answers 410'
const MODES = [...Object.keys(FAILURES), GONE]

async function openBroken(context: ScenarioContext, mode: string, elsewhere: Subscriber): Promise<Subscriber> {
  const subscriber = await context.subscribers.open(mode, [UPDATED])
  if (mode === 'is down') await subscriber.receiver.stop()
  else subscriber.receiver.behave(...(FAILURES[mode]?.(elsewhere.receiver.url) ?? [{ status: 410 }]))
  return subscriber
}

/**
 * Runs through three days of failures, and then an admin's replay of everything. @returns seconds until all was
 * accepted
 */
async function throughThreeDays(
  context: ScenarioContext,
  round: Round,
  broken: Subscriber[],
  since: string,
): Promise<number> {
  const { client, timing, deployment } = context
  await fastForward(deployment, broken, timing.settleMs)
  for (const subscriber of broken) {
    for (const deviation of await scheduleDeviations(deployment, subscriber)) round.expect(false, 'schedule', deviation)
    const state = await stateOf(context, subscriber)
    round.expect(state.enabled && state.failingSince !== null, subscriber.name, `is ${JSON.stringify(state)}`)
  }
  const [counted] = await deployment.sql<{ attempts: number; given_up: number }[]>`
    SELECT coalesce(sum(attempts), 0)::int AS attempts, count(*) FILTER (WHERE status = 'failed')::int AS given_up
    FROM webhook_deliveries WHERE endpoint_id = ANY(${broken.map(({ endpointId }) => endpointId)})`
  const wanted = broken.reduce((sum, { expected }) => sum + expected.length, 0)
  round.note('attempts until given up', counted?.attempts ?? 0)
  round.expect(counted?.given_up === wanted, 'given up', `${counted?.given_up} of ${wanted}`)
  round.expect(counted?.attempts === wanted * ATTEMPTS, 'attempts', `${counted?.attempts} for ${wanted} messages`)
  await Promise.all(broken.map(({ receiver }) => receiver.heal()))
  const began = performance.now()
  for (const { endpointId, name, expected } of broken) {
    const { status, body } = await client.caller.call('POST', `/v1/webhooks/${endpointId}/replay`, {
      json: { after: since },
    })
    const { redelivered } = body as { redelivered: number }
    round.expect(
      status === 202 && redelivered === expected.length,
      `replay to ${name}`,
      `${status}: ${JSON.stringify(body)}`,
    )
    round.note('messages replayed', redelivered)
  }
  await Promise.all(broken.map(subscriber => untilAccepted(subscriber, timing.settleMs)))
  return secondsSince(began)
}

/**
 * Checks that an endpoint is disabled at the first 410, gets nothing from then on, and continues in the log when it is
 * enabled again.
 */
async function throughGone(context: ScenarioContext, round: Round, gone: Subscriber, assetId: string): Promise<void> {
  const { client, timing } = context
  const state = await stateOf(context, gone)
  round.expect(!state.enabled && state.disabledReason === 'gone', gone.name, `is ${JSON.stringify(state)}`)
  const before = gone.receiver.received.length
  await changeOften(context, assetId, MESSAGES)
  await sleep(QUIET_MS)
  const more = gone.receiver.received.length - before
  round.expect(more === 0, gone.name, `was sent ${more} messages after it was disabled`)
  await gone.receiver.heal()
  await client.caller.call('PATCH', `/v1/webhooks/${gone.endpointId}`, { json: { enabled: true } })
  await untilAccepted(gone, timing.settleMs)
}

async function expectTimeout(
  { deployment }: ScenarioContext,
  round: Round,
  { endpointId, name }: Subscriber,
): Promise<void> {
  const [hung] = await deployment.sql<{ status: number | null; duration_ms: number }[]>`
    SELECT a.status, a.duration_ms FROM webhook_attempts a JOIN webhook_deliveries d ON d.id = a.delivery_id
    WHERE d.endpoint_id = ${endpointId} ORDER BY a.duration_ms DESC LIMIT 1`
  const isTimedOut = hung?.status === null && hung.duration_ms >= TIMEOUT_MS && hung.duration_ms < TIMEOUT_MS * 2
  round.expect(isTimedOut, name, `its longest attempt was ${JSON.stringify(hung)}`)
}

const receiversFail: Scenario = {
  number: 35,
  name: 'webhook receivers fail for three days',
  fault:
    'receivers that are down, answer 500, redirect, hang, or are gone (410), for three days: time is moved on in the rows of the attempts',
  expected:
    'ten attempts by the schedule, then given up; a replay by hand brings all; 410 disables at once; a redirect is not followed; a healthy receiver notices nothing',
  figure: 's from the replay until everything had come',
  // No part of the queue: webhooks have a loop of their own.
  backends: ['postgres'],
  perRound: MODES.length,
  async run(context, round) {
    const { subscribers, timing } = context
    const since = new Date().toISOString()
    const assetId = await readyAsset(context, round)
    const modes = MODES.slice(0, round.faults)
    const healthy = await subscribers.open('healthy', [UPDATED, 'webhook.disabled'])
    const elsewhere = await subscribers.open('where a redirect leads', ['asset.deleted'])
    const broken = await Promise.all(modes.map(mode => openBroken(context, mode, elsewhere)))
    await changeOften(context, assetId, MESSAGES)
    const gone = broken.find(({ name }) => name === GONE)
    // With the news of the one that is gone.
    await untilAccepted(healthy, timing.settleMs, gone ? 1 : 0)
    if (gone) await throughGone(context, round, gone, assetId)
    const others = broken.filter(subscriber => subscriber !== gone)
    const took = await throughThreeDays(context, round, others, since)
    const hung = others.find(({ name }) => name.startsWith('hangs'))
    if (hung) await expectTimeout(context, round, hung)
    round.expect(acceptedBy(elsewhere) === 0, elsewhere.name, 'was called')
    return [took]
  },
}

export const webhooks: readonly Scenario[] = [receiversFail, isolation, webhookCrashes]
