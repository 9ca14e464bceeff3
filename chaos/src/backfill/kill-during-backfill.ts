import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { ScenarioContext } from '../scenarios/scenario.ts'

/** One time that everything was killed. */
export interface Kill {
  /** By `performance.now()`: from the kill until everything was up again, and its lost jobs could be taken by others. */
  from: number
  to: number
  /** Processes that were killed. */
  processes: number
  /** Assets that were done by then. */
  done: number
  /** Jobs that ran at that moment. */
  running: number
}

/** For what Postgres was already asked to do by those that died. */
const LAST_WORDS_MS = 300
/** Leases of the dead run out: until then their slots of the library are not worked on. */
const LEASE_MS = 20_000

/** Kills every worker and every API that many times, at moments spread over the backfill. */
export async function killDuringBackfill(
  context: ScenarioContext,
  options: {
    kills: number
    total: number
    random: Random
    untilDone(assets: number): Promise<void>
    say(line: string): void
  },
): Promise<Kill[]> {
  const { kills, total, random, untilDone, say } = options
  const struck: Kill[] = []
  for (let index = 1; index <= kills; index++) {
    const at = (total * (index - 0.5 + random.next() * 0.5)) / (kills + 1)
    await untilDone(at)
    const kill = await strike(context)
    struck.push(kill)
    say(
      `kill ${index} of ${kills}: ${kill.processes} processes, ${kill.done} assets done, ${kill.running} jobs running`,
    )
  }
  return struck
}

async function strike({ deployment }: ScenarioContext): Promise<Kill> {
  const { processes, sql } = deployment
  const victims = processes.alive()
  const from = performance.now()
  await Promise.all(victims.map(victim => victim.kill()))
  await sleep(LAST_WORDS_MS)
  const hosts = victims.map(({ pid }) => `%:${pid}`)
  const [seen] = await sql<{ running: number; done: number }[]>`
    SELECT (SELECT count(*)::int FROM job_attempts WHERE finished_at IS NULL AND host LIKE ANY(${hosts})) AS running,
      (SELECT count(*)::int FROM jobs WHERE status = 'succeeded' AND preset_id IS NOT NULL) AS done`
  await processes.revive()
  return {
    from,
    to: performance.now() + LEASE_MS,
    processes: victims.length,
    done: seen?.done ?? 0,
    running: seen?.running ?? 0,
  }
}
