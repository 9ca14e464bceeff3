import { setTimeout as sleep } from 'node:timers/promises'
import { startCommitCutter } from '../nemesis/commit-cutter.ts'
import { awaitLater, secondsSince, secondsToSettle, uploadPhotos } from './load.ts'
import { failedJobs, throughOutage, throughSilentFailover } from './outage.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

const stopped: Scenario = {
  number: 18,
  name: 'Postgres is gone for a while',
  fault: 'connections to Postgres are cut and refused for 60 s, under load',
  expected: 'clients get 503 with Retry-After and nothing else; workers wait; no job fails',
  figure: 's from its return until all is settled',
  workers: 2,
  run: (context, round) => {
    const proxy = context.deployment.proxies.postgres
    return throughOutage(context, round, { tableSec: 60, begin: () => proxy.close(), end: () => proxy.open() })
  },
}

const terminated: Scenario = {
  number: 19,
  name: 'every session of Postgres is terminated',
  fault: 'pg_terminate_backend of all sessions, those that LISTEN included',
  expected: 'all connect again; the next job is picked up at once',
  figure: 's from the termination until an upload that follows is ready',
  workers: 2,
  async run(context, round) {
    const { sql } = context.deployment
    const before = awaitLater(uploadPhotos(context, round, 4))
    await sleep(round.random.int(0, 500))
    const cut = await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name NOT LIKE 'postgres.js'`
    round.note('sessions terminated', cut.length)
    const began = performance.now()
    await uploadPhotos(context, round, 1)
    await before
    return [await secondsToSettle(context, began)]
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
  async run(context, round) {
    const { processes, proxies, databaseUrl } = context.deployment
    const cutter = await startCommitCutter({ host: '127.0.0.1', port: proxies.postgres.port })
    try {
      const env = { DATABASE_URL: Object.assign(new URL(databaseUrl), { port: `${cutter.port}` }).href }
      await Promise.all(processes.alive().map(service => service.kill()))
      const cutOff = await Promise.all([processes.start('api', { env }), processes.start('worker', { env })])
      cutter.cut(round.random.int(1, CUTS))
      const began = performance.now()
      await uploadPhotos(context, round, UPLOADS)
      cutter.cut(round.random.int(1, CUTS))
      const took = await secondsToSettle(context, began)
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

/** Ends an open wait of the product after 10 s more than this; the outage of a whole table is longer also when it is scaled. */
const STATEMENT_SEC = 3
/** Longest that a client of the API may wait for an answer, an idle machine and a busy one between the two. */
const ANSWER_SEC = 18

const silent: Scenario = {
  number: 44,
  name: 'Postgres says nothing',
  fault:
    'all connections to Postgres hang for 60 s; or those that are open hang for good and new ones work, a failover without a word',
  expected:
    'clients get 503 with Retry-After in time and nothing else; slots, sessions and locks are free again; no job fails',
  figure: 's from its return, or from the failover, until all is settled',
  workers: 2,
  env: { DATABASE_STATEMENT_SEC: `${STATEMENT_SEC}` },
  async run(context, round) {
    const proxy = context.deployment.proxies.postgres
    const failedBefore = await failedJobs(context)
    let answer: Promise<number> | null = null
    const strike = (fault: () => void) => () => {
      fault()
      answer = awaitLater(secondsToAnswer(context))
    }
    const figures =
      round.index % 2 === 1
        ? await throughSilentFailover(context, round, strike(proxy.freeze))
        : await throughOutage(context, round, { tableSec: 60, begin: strike(proxy.hang), end: proxy.heal })
    const waited = await answer
    round.expect(waited !== null && waited < ANSWER_SEC, 'API', `answered after ${waited} s`)
    round.expect((await failedJobs(context)) === failedBefore, 'jobs', 'failed, and need not have')
    return figures
  },
}

/** Measures the seconds until an API answers a request that needs Postgres, with any status. */
async function secondsToAnswer({ client, deployment }: ScenarioContext): Promise<number> {
  const [url] = deployment.processes.apiUrls()
  const began = performance.now()
  if (url) await client.caller.tryOnce(url, 'GET', '/v1/assets?limit=1')
  return secondsSince(began)
}

export const postgres: readonly Scenario[] = [stopped, terminated, cutAtCommit, silent]
