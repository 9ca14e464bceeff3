import { readFileSync } from 'node:fs'
import { childrenOf } from '@darkroom/testing'

const EVERY_MS = 500

/** Remembers everything that a deployment's processes ever started. */
export interface ProcessWatch {
  look(): void
  /** Descendants that run although whoever started them is gone. */
  orphans(): string[]
  close(): void
}

/**
 * Returns the start of a process in clock ticks since boot. With the pid it identifies a process, also when the pid is
 * reused.
 */
function startedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null)
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(`${error.code}`)) return null
    throw error
  }
}

/** Watches the processes below those that `roots` names at each look. */
export function watchProcesses(roots: () => number[]): ProcessWatch {
  const seen = new Map<number, string>()
  const look = () => {
    for (const pid of roots().flatMap(childrenOf)) {
      const started = startedAt(pid)
      if (started !== null) seen.set(pid, started)
    }
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    look,
    orphans() {
      const owned = new Set(roots().flatMap(root => [root, ...childrenOf(root)]))
      return [...seen]
        .filter(([pid, started]) => !owned.has(pid) && startedAt(pid) === started)
        .map(([pid]) => `process ${pid}`)
    },
    close: () => clearInterval(timer),
  }
}
