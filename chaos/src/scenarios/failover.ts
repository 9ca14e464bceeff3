import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisGroupKind } from '../deployment/deployment.ts'
import { awaitLater, secondsSince, uploadPhotos, uploadUntil } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const BEFORE = 6
const CLIENTS = 2

/**
 * Kills a server that takes writes, with uploads under way and clients that go on.
 * @returns seconds from the kill until a photo that was uploaded after it is ready
 */
async function throughFailover(context: ScenarioContext, round: Round): Promise<number[]> {
  const { client, deployment, timing } = context
  const group = deployment.redisGroup
  if (!group) throw new Error('this deployment has no group of Redis servers')
  let isOver = false
  const load = Array.from({ length: CLIENTS }, () => awaitLater(uploadUntil(context, round.random, () => isOver)))
  const before = awaitLater(uploadPhotos(context, round, BEFORE))
  // Struck before, while or after they are processed.
  await sleep(round.random.int(0, 1500))
  const [victim = 0] = round.random.shuffled(await group.primaries())
  await group.kill(victim)
  const killed = performance.now()
  const [probe] = await uploadPhotos(context, round, 1)
  const ready = probe && (await client.settled(probe.asset.id, timing.settleMs))
  const seconds = secondsSince(killed)
  isOver = true
  const during = (await Promise.all(load)).flat()
  await before
  round.expect(ready?.status === 'ready', 'the upload after the kill', `is ${ready?.status ?? 'still under way'}`)
  round.note('uploads of the clients that went on', during.length)
  return [seconds]
}

const FIGURE = 's from the kill until what was uploaded after it is ready'

const failoverOf = (number: number, redisGroup: RedisGroupKind, name: string, fault: string): Scenario => ({
  number,
  name,
  fault,
  expected:
    'uploads are acknowledged all the while; another server takes over; what the dead one had is dispatched again',
  figure: FIGURE,
  backends: ['redis'],
  redisGroup,
  workers: 3,
  apis: 2,
  run: throughFailover,
})

export const failovers: readonly Scenario[] = [
  failoverOf(
    47,
    'sentinels',
    'primary of Redis dies under Sentinels',
    'kill -9 of the primary under load, with two replicas and three Sentinels',
  ),
  failoverOf(
    48,
    'cluster',
    'primary of a Redis Cluster dies',
    'kill -9 of one of three primaries under load, each with a replica',
  ),
]
