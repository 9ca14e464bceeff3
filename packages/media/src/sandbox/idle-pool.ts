import type { AppError } from '@darkroom/core'
import type { MediaProcess } from './media-process.ts'

/** The processes that are not at work: fresh ones, and used ones that only their own project may have again. */
export interface IdlePool {
  take(projectId: string): MediaProcess
  /** A process that `start` makes, for one job: given back, it ends. */
  takeOwn(start: () => MediaProcess): MediaProcess
  /** Gives a process back: it is kept for its project, or ended when it has failed or served enough. */
  giveBack(process: MediaProcess, projectId: string, healthy: boolean): void
  /** Ends all processes, those at work included, and waits until they are gone. */
  close(error: AppError): Promise<void>
  /** Starts the first process; resolves when it is up. */
  warm(): Promise<void>
}

export interface IdlePoolOptions {
  /** Used processes that are kept at most, those at work included. */
  size: number
  start: () => MediaProcess
  retired: () => AppError
}

const MAX_JOBS = 200
const MAX_IDLE_RSS_BYTES = 512 * 1024 * 1024

export function createIdlePool({ size, start, retired }: IdlePoolOptions): IdlePool {
  const all = new Set<MediaProcess>()
  /** Those of one job; they are none of the stock. */
  const single = new Set<MediaProcess>()
  const fresh: MediaProcess[] = []
  const used: { process: MediaProcess; projectId: string }[] = []
  const jobs = new WeakMap<MediaProcess, number>()
  /** Whose jobs came; of no use are more than two. */
  const projects = new Set<string>()
  let closing = false

  const tracked = (process: MediaProcess, set: Set<MediaProcess>): MediaProcess => {
    set.add(process)
    void process.gone.then(() => set.delete(process))
    return process
  }
  const startOne = (): MediaProcess => tracked(start(), all)

  const countAlive = (): number => [...all].filter(process => process.alive).length

  /**
   * Drops what died while it waited, and keeps one fresh process ready for whoever may need it: the next job, until there are
   * `size`; from then on another project, where there is more than one.
   */
  const refill = (): void => {
    if (closing) return
    fresh.splice(0, fresh.length, ...fresh.filter(process => process.alive))
    used.splice(0, used.length, ...used.filter(({ process }) => process.alive))
    if (fresh.length === 0 && (projects.size > 1 || countAlive() < size)) fresh.push(startOne())
  }

  /** A process of this project, else a fresh one; then the oldest used one makes room. */
  const pick = (projectId: string): MediaProcess => {
    const own = used.findIndex(entry => entry.projectId === projectId && entry.process.alive)
    const [entry] = own >= 0 ? used.splice(own, 1) : []
    if (entry) return entry.process
    const process = fresh.find(one => one.alive) ?? startOne()
    if (fresh.includes(process)) fresh.splice(fresh.indexOf(process), 1)
    const busy = countAlive() - fresh.length - used.length
    if (busy + used.length > size) used.shift()?.process.kill(retired())
    return process
  }

  return {
    take(projectId) {
      if (projects.size < 2) projects.add(projectId)
      const process = pick(projectId)
      refill()
      return process
    },

    takeOwn: startOwn => tracked(startOwn(), single),

    giveBack(process, projectId, healthy) {
      if (single.has(process)) return process.kill(retired())
      const served = (jobs.get(process) ?? 0) + 1
      jobs.set(process, served)
      if (healthy && process.alive && served < MAX_JOBS && process.rssBytes < MAX_IDLE_RSS_BYTES) {
        used.push({ process, projectId })
      } else {
        process.kill(retired())
      }
      refill()
    },

    async close(error) {
      closing = true
      const ending = [...all, ...single]
      for (const process of ending) process.kill(error)
      await Promise.all(ending.map(process => process.gone))
    },

    async warm() {
      refill()
      await Promise.all(fresh.map(process => process.ready))
    },
  }
}
