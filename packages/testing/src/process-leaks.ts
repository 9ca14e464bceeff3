import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { sep } from 'node:path'

export interface HoldingProcess {
  pid: number
  command: string
}

/**
 * Processes that work in, run from, or have open something at or below a path, by /proc: of other users only when root asks.
 * Linux only; empty elsewhere.
 */
export function processesHolding(path: string): HoldingProcess[] {
  const isBelow = (target: string) => target === path || target.startsWith(path + sep)
  return allPids()
    .filter(pid => pid !== process.pid && pathsOf(pid).some(isBelow))
    .map(pid => ({ pid, command: commandOf(pid) }))
}

/** Lists the descendants of a process, nearest first, without zombies. Linux only; empty elsewhere. */
export function childrenOf(pid: number): number[] {
  const children = startedBy(pid).filter(isAlive)
  return [...children, ...children.flatMap(childrenOf)]
}

/** Reads only what belongs to the process, because the fault harness looks twice a second. A child is listed with the thread that started it. */
const startedBy = (pid: number): number[] =>
  attempt(() => readdirSync(`/proc/${pid}/task`), [])
    .map(thread => attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), ''))
    .flatMap(list => list.split(' ').filter(Boolean).map(Number))

const allPids = (): number[] =>
  process.platform === 'linux'
    ? readdirSync('/proc')
        .filter(name => /^\d+$/.test(name))
        .map(Number)
    : []

function pathsOf(pid: number): string[] {
  const files = attempt(() => readdirSync(`/proc/${pid}/fd`), []).map(fd => `fd/${fd}`)
  return ['cwd', 'exe', ...files].map(name => attempt(() => readlinkSync(`/proc/${pid}/${name}`), ''))
}

function isAlive(pid: number): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
  // After the name, which may hold spaces and brackets: the state is the 3rd field of proc(5).
  const [state] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat !== '' && state !== 'Z' && state !== 'X'
}

const commandOf = (pid: number) =>
  attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    .replaceAll('\0', ' ')
    .trim()

/** Processes end while they are looked at, and those of others keep their secrets. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(`${error.code}`)) {
      return otherwise
    }
    throw error
  }
}
