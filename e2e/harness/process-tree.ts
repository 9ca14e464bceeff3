import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface ProcessEntry {
  pid: number
  parent: number
  /** Clock ticks since boot: with the pid it names one process, also after the pid was given to another. */
  startedAt: string
  command: string
}

const NO_LONGER_THERE = new Set(['ENOENT', 'ESRCH', 'EACCES'])

/** Processes come and go while /proc is read; whoever is gone is left out. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_LONGER_THERE.has(String(error.code))) return null
    throw error
  }
}

function readProcess(pid: number): ProcessEntry | null {
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie is only a number that its parent has not read yet.
    if (state === 'Z' || state === 'X') return null
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, parent: Number(parent), startedAt: rest[17] ?? '', command }
  })
}

/** Lists a process and all of its descendants. */
export function processTree(root: number): ProcessEntry[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => readProcess(Number(name)) ?? [])
  const below = (pid: number): ProcessEntry[] =>
    all.filter(({ parent }) => parent === pid).flatMap(child => [child, ...below(child.pid)])
  return [...all.filter(({ pid }) => pid === root), ...below(root)]
}

/** Filters processes down to those that still run. A process that reused an id is another one. */
export const stillRunning = (entries: readonly ProcessEntry[]): ProcessEntry[] =>
  entries.filter(({ pid, startedAt }) => readProcess(pid)?.startedAt === startedAt)

/** Lists the TCP ports that any of these processes listens on. */
export function listeningPorts(entries: readonly ProcessEntry[]): number[] {
  const sockets = new Set(entries.flatMap(({ pid }) => socketsOf(pid)))
  const LISTEN = '0A'
  const ports = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === LISTEN && sockets.has(fields[9] ?? ''))
      .map(fields => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16)),
  )
  return [...new Set(ports)]
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  const names = orNull(() => readdirSync(folder)) ?? []
  return names.flatMap(name => {
    const target = orNull(() => readlinkSync(`${folder}/${name}`)) ?? ''
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []
  })
}
