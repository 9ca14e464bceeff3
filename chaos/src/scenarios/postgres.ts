import { setTimeout as sleep } from 'node:timers/promises'
import { startCommitCutter } from '../nemesis/commit-cutter.ts'
import { later, secondsToSettle, uploadPhotos } from './load.ts'
import { throughOutage } from './outage.ts'
import type { Scenario } from './scenario.ts'

const stopped: Scenario = {
  number: 18,
  name: 'Postgres is gone for a while',
  fault: 'connections to Postgres are cut and refused for 60 s, under load',
  expected: 'clients get 503 with Retry-After and nothing else; workers wait; no job fails',
  figure: 's from its return until all is settled',
  workers: 2,
  run: (world, round) => {
    const gate = world.universe.gates.postgres
    return throughOutage(world, round, { tableSec: 60, begin: () => gate.close(), end: () => gate.open() })
  },
}

const terminated: Scenario = {
  number: 19,
  name: 'every session of Postgres is terminated',
  fault: 'pg_terminate_backend of all sessions, those that LISTEN included',
  expected: 'all connect again; the next job is picked up at once',
  figure: 's from the termination until an upload that follows is ready',
  workers: 2,
  async run(world, round) {
    const { sql } = world.universe
    const before = later(uploadPhotos(world, round, 4))
    await sleep(round.random.int(0, 500))
    const cut = await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name NOT LIKE 'postgres.js'`
    round.note('sessions terminated', cut.length)
    const began = performance.now()
    await uploadPhotos(world, round, 1)
    await before
    return [await secondsToSettle(world, began)]
  },
}

const UPLOADS = 6
const CUTS = 6

const cutAtCommit: Scenario = {
  number: 20,
  name: 'connection lost at COMMIT',
  fault: 'up to twelve connections per trial end exactly at a commit, every second one after the server has done it',
  expected: 'what stands in the database decides; nothing is lost and nothing is done twice',
  figure: 's until all is settled',
  async run(world, round) {
    const { processes, gates, databaseUrl } = world.universe
    const cutter = await startCommitCutter({ host: '127.0.0.1', port: gates.postgres.port })
    try {
      const env = { DATABASE_URL: Object.assign(new URL(databaseUrl), { port: `${cutter.port}` }).href }
      await Promise.all(processes.alive().map(service => service.kill()))
      const cutOff = await Promise.all([processes.start('api', { env }), processes.start('worker', { env })])
      cutter.cut(round.random.int(1, CUTS))
      const began = performance.now()
      await uploadPhotos(world, round, UPLOADS)
      cutter.cut(round.random.int(1, CUTS))
      const took = await secondsToSettle(world, began)
      round.note('commits cut', cutter.done)
      round.expect(cutter.done > 0, 'commit cutter', 'no commit was cut')
      cutter.cut(0)
      await Promise.all(cutOff.map(service => service.kill()))
      return [took]
    } finally {
      await cutter.close()
    }
  },
}

export const postgres: readonly Scenario[] = [stopped, terminated, cutAtCommit]
