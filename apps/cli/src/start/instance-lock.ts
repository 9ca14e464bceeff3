import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '@darkroom/core/config'
import { findLockHolder, takeProcessLock } from '@darkroom/core/process-lock'
import { z } from 'zod'

/** What an instance tells of itself. */
const Instance = z.object({
  url: z.string(),
  /** Of the embedded store, where there is one. */
  storeUrl: z.string().optional(),
})
type Instance = z.output<typeof Instance>

export interface InstanceLock {
  /** Tells who comes later where we are. */
  setUrl(url: string, storeUrl?: string): void
  release(): void
}

const STARTUP_MS = 60_000
const POLL_MS = 100

const fileOf = (dataDir: string): string => join(dataDir, 'instance.lock')

/**
 * Locks a data folder, so that only one instance uses it.
 * @returns the lock, or the URL of the instance that runs
 * @throws StartupError when another instance has been starting for a minute
 */
export async function acquireInstanceLock(dataDir: string): Promise<{ lock: InstanceLock } | { runningUrl: string }> {
  for (const deadline = Date.now() + STARTUP_MS; ; await sleep(POLL_MS)) {
    const taken = takeProcessLock(fileOf(dataDir))
    if ('lock' in taken) {
      const { tell, release } = taken.lock
      return {
        lock: { setUrl: (url, storeUrl) => tell({ url, storeUrl } satisfies z.input<typeof Instance>), release },
      }
    }
    const { pid, note } = taken.holder
    const instance = Instance.safeParse(note).data
    if (instance) return { runningUrl: instance.url }
    if (Date.now() > deadline)
      throw new StartupError(`process ${pid} has been starting up for more than a minute; stop it and try again`)
  }
}

/** Returns the URL of the instance that runs on a data folder: null when none does, '' while it is starting. */
export function findRunning(dataDir: string): string | null {
  const holder = findLockHolder(fileOf(dataDir))
  return holder && (Instance.safeParse(holder.note).data?.url ?? '')
}

/** Finds the instance that runs on a data folder; null when none does, or while it is starting. */
export const findInstance = (dataDir: string): Instance | null =>
  Instance.safeParse(findLockHolder(fileOf(dataDir))?.note).data ?? null
