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

/** Children of a process and theirs, nearest first; without zombies. Linux only; empty elsewhere. */
export function childrenOf(pid: number): number[] {
  const parents = new Map(allPids().map(child => [child, parentOf(child)]))
  const below = (parent: number): number[] => {
    const children = [...parents].filter(([, itsParent]) => itsParent === parent).map(([child]) => child)
    return [...children, ...children.flatMap(below)]
  }
  return below(pid)
}

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

function parentOf(pid: number): number | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
  // After the name, which may hold spaces and brackets: state and parent are the 3rd and 4th field of proc(5).
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || parent === undefined ? null : Number(parent)
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
