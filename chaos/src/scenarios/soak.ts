import { setTimeout as sleep } from 'node:timers/promises'
import type { Started } from '../client/client.ts'
import { makePhoto } from '../client/photo.ts'
import { later, secondsToSettle } from './load.ts'
import type { Round, Scenario, World } from './scenario.ts'

const TABLE_MIN = 30
/** Without --full the soak is shorter than the scale says: it is to fit into a coffee break. */
const SCALED_SEC = 120
const UPLOAD_EVERY_MS = 400
const DELETE_ONE_IN = 10

type Strike = (world: World, round: Round) => unknown

/** Whatever the other scenarios do one at a time. */
const STRIKES: Record<string, Strike> = {
  'worker killed': ({ universe }, { random }) => random.pick(universe.processes.alive('worker')).kill(),
  'API killed': ({ universe }, { random }) => random.pick(universe.processes.alive('api')).kill(),
  'worker frozen': async ({ universe }, { random }) => {
    const worker = random.pick(universe.processes.alive('worker'))
    worker.send('SIGSTOP')
    await sleep(random.int(1000, 18_000))
    worker.send('SIGCONT')
  },
  'Postgres gone': ({ universe }, { random }) => outage(universe.gates.postgres, random.int(200, 5000)),
  'queue gone': ({ universe }, { random }) =>
    universe.gates.redis && outage(universe.gates.redis, random.int(200, 8000)),
  'store gone': ({ universe }, { random }) => outage(universe.gates.store, random.int(200, 5000)),
  'connections reset': ({ universe }) => universe.gates.postgres.reset(),
  'store busy': ({ universe }, { random }) =>
    universe.store.faults.set({ kind: 'slow-down', times: random.int(1, 20), retryAfterSec: 1 }),
  'answers lost': ({ universe }, { random }) =>
    universe.store.faults.set({
      kind: 'lost-response',
      times: random.int(1, 5),
      match: { method: 'PUT', key: 'variants/' },
    }),
  'downloads cut': ({ universe }, { random }) =>
    universe.store.faults.set({
      kind: 'truncate',
      bytes: random.int(0, 9000),
      times: 2,
      match: { operation: 'GetObject', key: 'uploads/' },
    }),
  'slow network': async ({ universe }, { random }) => {
    universe.gates.postgres.slow(random.int(5, 50))
    await sleep(3000)
    await universe.gates.postgres.heal()
  },
}

async function outage(gate: World['universe']['gates']['postgres'], lengthMs: number): Promise<void> {
  await gate.close()
  await sleep(lengthMs)
  await gate.open()
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
  async run(world, round) {
    const lengthMs = (world.timing.scale >= 1 ? TABLE_MIN * 60 : SCALED_SEC) * 1000
    const deadline = performance.now() + lengthMs
    const isOver = () => performance.now() > deadline
    const uploads = later(uploadUntil(world, round, isOver))
    const underWay: Promise<unknown>[] = []
    const kinds = Object.keys(STRIKES)
    while (!isOver()) {
      const kind = round.random.pick(kinds)
      underWay.push(later(Promise.resolve(STRIKES[kind]?.(world, round))))
      round.note(kind, 1)
      await sleep(round.random.int(200, 3000))
      // Those that were killed come back, as under any supervisor.
      await world.universe.processes.revive()
    }
    await Promise.all(underWay)
    await world.universe.heal()
    const healed = performance.now()
    await uploads
    return [await secondsToSettle(world, healed)]
  },
}

async function uploadUntil(world: World, { random }: Round, isOver: () => boolean): Promise<void> {
  const all: Promise<unknown>[] = []
  while (!isOver()) {
    const isDeleted = random.int(1, DELETE_ONE_IN) === 1
    const remove = async (started: Started) => {
      await sleep(random.int(0, 3000))
      await world.client.remove(started)
    }
    const upload = makePhoto(random)
      .then(photo => world.client.upload(photo))
      .then(started => (isDeleted ? remove(started) : undefined))
    all.push(later(upload))
    await sleep(UPLOAD_EVERY_MS)
  }
  await Promise.all(all)
}

export const soaks: readonly Scenario[] = [soak]
