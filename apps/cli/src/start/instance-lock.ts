import { existsSync } from 'node:fs'
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '@darkroom/core/config'
import { z } from 'zod'

const Holder = z.object({
  pid: z.int(),
  startedAt: z.string(),
  url: z.string().nullable(),
  /** Of the embedded store, where there is one. */
  storeUrl: z.string().optional(),
})
type Holder = z.output<typeof Holder>

export interface InstanceLock {
  /** Tells who comes later where we are. */
  setUrl(url: string, storeUrl?: string): Promise<void>
  release(): Promise<void>
}

const STARTUP_MS = 60_000

/**
 * One instance per data folder. The lock is a file that appears whole, with pid and start time of its holder, so one
 * that a kill -9 left behind is told from one that is held even when the pid was given to another process since.
 * @returns the lock, or the URL of the instance that runs
 */
export async function acquireInstanceLock(dataDir: string): Promise<{ lock: InstanceLock } | { runningUrl: string }> {
  const file = join(dataDir, 'lock.json')
  const own: Holder = { pid: process.pid, startedAt: await startTimeOf(process.pid), url: null }
  const deadline = Date.now() + STARTUP_MS
  for (;;) {
    if (await createWhole(file, own)) return { lock: lockAt(file, own) }
    const holder = await readHolder(file)
    if (!holder) continue
    if (!(await isRunning(holder))) await removeStale(file, holder)
    else if (holder.url) return { runningUrl: holder.url }
    else if (Date.now() > deadline)
      throw new StartupError(`process ${holder.pid} has been starting up for a minute; stop it and try again`)
    else await sleep(100)
  }
}

/** The URL of the instance that runs on a data folder: null when none does, '' while it is starting up. */
export async function findRunning(dataDir: string): Promise<string | null> {
  const holder = await findHolder(dataDir)
  return holder && (holder.url ?? '')
}

/** Who runs on a data folder; null when nobody does. */
export async function findHolder(dataDir: string): Promise<Holder | null> {
  const holder = await readHolder(join(dataDir, 'lock.json'))
  return holder && (await isRunning(holder)) ? holder : null
}

function lockAt(file: string, own: Holder): InstanceLock {
  return {
    async setUrl(url, storeUrl) {
      const next = `${file}.next`
      await writeFile(next, JSON.stringify({ ...own, url, storeUrl }))
      await rename(next, file)
    },
    release: () => rm(file, { force: true }),
  }
}

/** False when the file is there already. */
async function createWhole(file: string, holder: Holder): Promise<boolean> {
  const draft = `${file}.${holder.pid}`
  await writeFile(draft, JSON.stringify(holder))
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  if (!existsSync(file)) return null
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : parseHolder(text)
}

/** What a power cut left of a lock is held by nobody. */
function parseHolder(text: string): Holder {
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    return { pid: process.pid, startedAt: 'unreadable', url: null }
  }
}

/** Two that start at once must not remove each other's fresh lock: what was moved away is put back if it was fresh. */
async function removeStale(file: string, stale: Holder): Promise<void> {
  const aside = `${file}.stale.${process.pid}`
  await rename(file, aside).catch(() => undefined)
  const moved = await readHolder(aside)
  const isStale = moved?.pid === stale.pid && moved.startedAt === stale.startedAt
  if (moved && !isStale) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

const isRunning = async (holder: Holder): Promise<boolean> =>
  (await startTimeOf(holder.pid)) === holder.startedAt && isAlive(holder.pid)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Start of a process in clock ticks since boot (proc(5), field 22 of stat), with the boot's id; '' where there is no /proc. */
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  if (stat === '') return ''
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const isZombie = state === 'Z'
  return isZombie ? 'zombie' : `${boot.trim()}:${fields[18]}`
}
