import { readdirSync, readFileSync } from 'node:fs'

export interface TreeMemory {
  /** Resident memory of all processes together, at this moment. */
  rssBytes: number
  /** The most that a single one of them ever held. */
  peakRssBytes: number
}

/** Returns the memory of a process and all below it, as the kernel counts it; null when it is gone or the system has no /proc. */
export function memoryOfTree(pid: number): TreeMemory | null {
  const all = [pid, ...descendantsOf(pid)].map(memoryOf).filter(memory => memory !== null)
  if (all.length === 0) return null
  return {
    rssBytes: all.reduce((sum, memory) => sum + memory.rssBytes, 0),
    peakRssBytes: Math.max(...all.map(memory => memory.peakRssBytes)),
  }
}

/** Returns the only child of a process, as `bwrap` and `unshare --fork` have one. */
export const childOf = (pid: number): number | null => childrenOf(pid)[0] ?? null

/** Returns what was started by a process or by what it started, as long as its parent lives. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap(child => [child, ...descendantsOf(child)])
}

/** Lists the children of a process. The kernel lists each with the thread that started it. */
function childrenOf(pid: number): number[] {
  return entriesOf(`/proc/${pid}/task`)
    .map(thread => readProc(`/proc/${pid}/task/${thread}/children`) ?? '')
    .flatMap(list => list.split(' ').filter(Boolean).map(Number))
}

function memoryOf(pid: number): TreeMemory | null {
  const status = readProc(`/proc/${pid}/status`)
  if (status === null) return null
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return { rssBytes: kib('VmRSS') * 1024, peakRssBytes: kib('VmHWM') * 1024 }
}

const readProc = (path: string): string | null => ifThere(() => readFileSync(path, 'utf8'))
const entriesOf = (folder: string): string[] => ifThere(() => readdirSync(folder)) ?? []

function ifThere<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null
    throw error
  }
}
