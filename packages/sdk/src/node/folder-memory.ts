import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { takeProcessLock } from '@darkroom/core/process-lock'
import { sleep } from '../sleep.ts'
import { createLocalLocks, type Memory, type Remembered } from '../upload/memory.ts'

/** Returns where uploads are remembered by default: `darkroom/uploads` in XDG_STATE_HOME. */
export const defaultFolder = (): string =>
  join(process.env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'darkroom', 'uploads')

const LOOK_EVERY_MS = 200
const SWEEP_EVERY_MS = 600_000

/** Creates a memory in a folder, for all processes of a user on this machine. */
export function createFolderMemory(folder: string): Memory {
  const fileOf = (fingerprint: string) => join(folder, `${fingerprint}.json`)
  const withLocalLock = createLocalLocks()
  const makeFolder = () => mkdir(folder, { recursive: true, mode: 0o700 })
  let sweptAt = Number.NEGATIVE_INFINITY

  async function read(fingerprint: string): Promise<Remembered | null> {
    const text = await readFile(fileOf(fingerprint), 'utf8').catch(() => null)
    return text === null ? null : parse(text)
  }

  async function list(): Promise<string[]> {
    const names = await readdir(folder).catch(() => [])
    return names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length))
  }

  /** Removes what has expired or is damaged. Its lock is left to who may have it. */
  async function sweep(): Promise<void> {
    // It reads every record, of which a folder of files leaves one each.
    if (Date.now() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = Date.now()
    for (const fingerprint of await list()) {
      const text = await readFile(fileOf(fingerprint), 'utf8').catch(() => null)
      // What cannot be read is of nobody: a record is written whole or not at all.
      const isOver = text !== null && (parse(text)?.expiresAt ?? 0) < Date.now()
      if (isOver) await rm(fileOf(fingerprint), { force: true })
    }
  }

  async function takeLock(fingerprint: string, signal: AbortSignal | undefined) {
    await makeFolder()
    for (;;) {
      const taken = takeProcessLock(join(folder, `${fingerprint}.lock`))
      if ('lock' in taken) return taken.lock
      await sleep(LOOK_EVERY_MS, signal)
    }
  }

  return {
    read,
    list,
    // Under a lock, so its folder is there.
    async write(fingerprint, upload) {
      await sweep()
      // Whole for other processes and after a kill. A power cut may take it, which costs one upload begun anew: a sync for
      // each of many small files would cost more.
      const draft = `${fileOf(fingerprint)}.draft`
      await writeFile(draft, JSON.stringify(upload), { mode: 0o600 })
      await rename(draft, fileOf(fingerprint))
    },
    forget: fingerprint => rm(fileOf(fingerprint), { force: true }),
    withLock: (fingerprint, work, signal) =>
      withLocalLock(
        fingerprint,
        async () => {
          const lock = await takeLock(fingerprint, signal)
          try {
            return await work()
          } finally {
            lock.release()
          }
        },
        signal,
      ),
  }
}

function parse(text: string): Remembered | null {
  try {
    const record: Partial<Remembered> | null = JSON.parse(text)
    return typeof record?.expiresAt === 'number' ? (record as Remembered) : null
  } catch {
    return null
  }
}
