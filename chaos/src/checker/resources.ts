import { readdirSync, readFileSync } from 'node:fs'
import type { Deployment } from '../deployment/deployment.ts'
import { COMMON_ENV } from '../deployment/settings.ts'
import { untilNone } from '../eventually.ts'
import type { Violation } from './violation.ts'

/** What one process holds. */
interface Held {
  files: number
  memoryMb: number
}

/** By pid; of a process that ended since nothing is asked. */
export type Baseline = ReadonlyMap<number, Held>

/** The 50 clients of one scenario who confirm at once keep their connections for a minute; what leaks with every fault passes this. */
const MORE_FILES = 80
/** Caches and compiled code fill up once. */
const MORE_MEMORY_MB = 300
/** Besides its two pools a process listens, leads or asks to, and counts on a connection of its own. */
const MORE_SESSIONS = 4
const SESSIONS = Number(COMMON_ENV.DATABASE_POOL_MAX) + Number(COMMON_ENV.DATABASE_QUEUE_POOL_MAX) + MORE_SESSIONS

const FALLS_MS = 30_000

/** Measures memory, files and sessions of every process after the first asset. */
export const measureProcesses = ({ processes }: Pick<Deployment, 'processes'>): Baseline =>
  new Map(processes.alive().map(({ pid }) => [pid, heldBy(pid)]))

/** Checks I8: after all faults every process that ran from the beginning holds about what it held then. */
export async function checkResources(deployment: Deployment, before: Baseline): Promise<Violation[]> {
  const ask = async () => [...tooMuch(deployment, before), ...(await tooManySessions(deployment))]
  const found = await untilNone('what processes hold falls', ask, { withinMs: FALLS_MS, everyMs: 500 })
  return found.map(detail => ({ kind: 'orphan', subject: detail.split(' holds ')[0] ?? detail, detail }))
}

function tooMuch({ processes }: Deployment, before: Baseline): string[] {
  return processes.alive().flatMap(({ name, pid }) => {
    const then = before.get(pid)
    if (!then) return []
    const now = heldBy(pid)
    return [
      ...(now.files > then.files + MORE_FILES ? [`${name} holds ${now.files} files, and ${then.files} before`] : []),
      ...(now.memoryMb > then.memoryMb + MORE_MEMORY_MB
        ? [`${name} holds ${now.memoryMb} MB of memory, and ${then.memoryMb} MB before`]
        : []),
    ]
  })
}

async function tooManySessions({ sql, processes }: Deployment): Promise<string[]> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'darkroom%'`
  const most = processes.alive().length * SESSIONS
  const count = row?.count ?? 0
  return count > most ? [`database holds ${count} sessions of ${processes.alive().length} processes`] : []
}

function heldBy(pid: number): Held {
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { files: readdirSync(`/proc/${pid}/fd`).length, memoryMb: Math.round(Number(resident ?? 0) / 1024) }
}
