import { readFileSync } from 'node:fs'

export interface ProcessMemory {
  rssBytes: number
  peakRssBytes: number
}

/** Memory of a process as the kernel counts it; null when it is gone or the system has no /proc. */
export function memoryOf(pid: number): ProcessMemory | null {
  const status = readProc(`/proc/${pid}/status`)
  if (status === null) return null
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return { rssBytes: kib('VmRSS') * 1024, peakRssBytes: kib('VmHWM') * 1024 }
}

/** The only child of a process, as `unshare --fork` has one. */
export function childOf(pid: number): number | null {
  const first = readProc(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ')[0]
  return first ? Number(first) : null
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null
    throw error
  }
}
