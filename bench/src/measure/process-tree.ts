import { readdirSync, readFileSync } from 'node:fs'

/** What a process is to the one that is measured. */
export type Role = 'main' | 'media' | 'postgres' | 'store' | 'other'

export interface ProcessSample {
  pid: number
  role: Role
  /** User and system time of its own so far. */
  cpuMs: number
  /** That of its children which have ended, and of theirs. */
  reapedCpuMs: number
  peakRssBytes: number
  anonBytes: number
  /** Resident pages that other processes may share: mapped files, shared memory. */
  fileBytes: number
  shmemBytes: number
}

/** USER_HZ, which the kernel shows to programs as 100 everywhere. */
const MS_PER_TICK = 10
const roles = new Map<string, Role>()

/** Samples a process and all of its descendants from /proc; empty where there is no /proc. */
export function sampleTree(rootPid: number): ProcessSample[] {
  return pidsOfTree(rootPid).flatMap(pid => sample(pid, rootPid) ?? [])
}

function pidsOfTree(pid: number): number[] {
  const children = tasksOf(pid).flatMap(task => read(`/proc/${pid}/task/${task}/children`).trim().split(' '))
  return [pid, ...children.filter(Boolean).flatMap(child => pidsOfTree(Number(child)))]
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function sample(pid: number, rootPid: number): ProcessSample | null {
  const stat = read(`/proc/${pid}/stat`)
  const status = read(`/proc/${pid}/status`)
  if (!stat || !status) return null
  // proc(5): the name in parentheses may hold anything; fields 14 to 17 are utime, stime, cutime, cstime, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0, reapedUser = 0, reapedSystem = 0] = fields.slice(11, 15).map(Number)
  const role = roleOf(pid, fields[19] ?? '')
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024
  return {
    pid,
    role: role === 'other' && pid === rootPid ? 'main' : role,
    cpuMs: (user + system) * MS_PER_TICK,
    reapedCpuMs: (reapedUser + reapedSystem) * MS_PER_TICK,
    peakRssBytes: bytes('VmHWM'),
    anonBytes: bytes('RssAnon'),
    fileBytes: bytes('RssFile'),
    shmemBytes: bytes('RssShmem'),
  }
}

function roleOf(pid: number, startedAt: string): Role {
  const key = `${pid}:${startedAt}`
  const known = roles.get(key)
  if (known) return known
  const [program = '', ...args] = read(`/proc/${pid}/cmdline`).split('\0')
  const role = roleOfCommand(program, args)
  // A process that has just forked still bears the name of its parent.
  if (role !== 'other') roles.set(key, role)
  return role
}

function roleOfCommand(program: string, args: string[]): Role {
  if (/postgres(:|$)/.test(program)) return 'postgres'
  if (/(^|\/)ff(mpeg|probe)$/.test(program)) return 'media'
  if (args.some(arg => arg.endsWith('/local-b2/src/main.ts'))) return 'store'
  // Node in its sandbox, and what puts it in there, which names it in its arguments.
  return args.some(arg => arg.endsWith('/sandbox/child.mjs')) ? 'media' : 'other'
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It ended meanwhile, or there is no /proc.
    return ''
  }
}
