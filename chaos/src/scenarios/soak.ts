import { setTimeout as sleep } from 'node:timers/promises'
import type { Started } from '../client/client.ts'
import { makePhoto } from '../client/photo.ts'
import { awaitLater, secondsToSettle } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const TABLE_MIN = 30
/** Without --full the soak is shorter than the scale says: it is to fit into a coffee break. */
const SCALED_SEC = 120
const UPLOAD_EVERY_MS = 400
const DELETE_ONE_IN = 10

type Strike = (context: ScenarioContext, round: Round) => unknown

/** Whatever the other scenarios do one at a time. */
const STRIKES: Record<string, Strike> = {
  'worker killed': ({ deployment }, { random }) => random.pick(deployment.processes.alive('worker')).kill(),
  'API killed': ({ deployment }, { random }) => random.pick(deployment.processes.alive('api')).kill(),
  'worker frozen': async ({ deployment }, { random }) => {
    const worker = random.pick(deployment.processes.alive('worker'))
    worker.send('SIGSTOP')
    await sleep(random.int(1000, 18_000))
    worker.send('SIGCONT')
  },
  'Postgres gone': ({ deployment }, { random }) => outage(deployment.proxies.postgres, random.int(200, 5000)),
  'queue gone': ({ deployment }, { random }) =>
    deployment.proxies.redis && outage(deployment.proxies.redis, random.int(200, 8000)),
  'store gone': ({ deployment }, { random }) => outage(deployment.proxies.store, random.int(200, 5000)),
  'connections reset': ({ deployment }) => deployment.proxies.postgres.reset(),
  'store busy': ({ deployment }, { random }) =>
    deployment.store.faults.set({ kind: 'slow-down', times: random.int(1, 20), retryAfterSec: 1 }),
  'answers lost': ({ deployment }, { random }) =>
    deployment.store.faults.set({
      kind: 'lost-response',
      times: random.int(1, 5),
      match: { method: 'PUT', key: 'variants/' },
    }),
  'downloads cut': ({ deployment }, { random }) =>
    deployment.store.faults.set({
      kind: 'truncate',
      bytes: random.int(0, 9000),
      times: 2,
      match: { operation: 'GetObject', key: 'uploads/' },
    }),
  'slow network': async ({ deployment }, { random }) => {
    deployment.proxies.postgres.slow(random.int(5, 50))
    await sleep(3000)
    await deployment.proxies.postgres.heal()
  },
}

async function outage(proxy: ScenarioContext['deployment']['proxies']['postgres'], lengthMs: number): Promise<void> {
  await proxy.close()
  await sleep(lengthMs)
  await proxy.open()
}

const soak: Scenario = {
  number: 40,
  name: 'soak under random faults',
  fault:
    'kill -9, freezes and outages of everything at random, one every 0.2 to 3 s, while uploads and deletions go on',
  expected: 'all invariants hold when it is over',
  figure: 's from the end of the faults until all is settled',
  workers: 3,
  apis: 2,
  maxTrials: 1,
  async run(context, round) {
    const lengthMs = (context.timing.scale >= 1 ? TABLE_MIN * 60 : SCALED_SEC) * 1000
    const deadline = performance.now() + lengthMs
    const isOver = () => performance.now() > deadline
    const uploads = awaitLater(uploadUntil(context, round, isOver))
    const underWay: Promise<unknown>[] = []
    const kinds = Object.keys(STRIKES)
    while (!isOver()) {
      const kind = round.random.pick(kinds)
      underWay.push(awaitLater(Promise.resolve(STRIKES[kind]?.(context, round))))
      round.note(kind, 1)
      await sleep(round.random.int(200, 3000))
      // Those that were killed come back, as under any supervisor.
      await context.deployment.processes.revive()
    }
    await Promise.all(underWay)
    await context.deployment.heal()
    const healed = performance.now()
    await uploads
    return [await secondsToSettle(context, healed)]
  },
}

async function uploadUntil(context: ScenarioContext, { random }: Round, isOver: () => boolean): Promise<void> {
  const all: Promise<unknown>[] = []
  while (!isOver()) {
    const isDeleted = random.int(1, DELETE_ONE_IN) === 1
    const remove = async (started: Started) => {
      await sleep(random.int(0, 3000))
      await context.client.remove(started)
    }
    const upload = makePhoto(random)
      .then(photo => context.client.upload(photo))
      .then(started => (isDeleted ? remove(started) : undefined))
    all.push(awaitLater(upload))
    await sleep(UPLOAD_EVERY_MS)
  }
  await Promise.all(all)
}

export const soaks: readonly Scenario[] = [soak]
