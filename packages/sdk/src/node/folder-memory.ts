import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { processLocksIn } from '@darkroom/core/process-lock'
import { sleep } from '../sleep.ts'
import { createLocalLocks, type Memory, type Remembered } from '../upload/memory.ts'

/** Returns where uploads are remembered by default: `darkroom/uploads` in XDG_STATE_HOME. */
export const defaultFolder = (): string =>
  join(process.env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'darkroom', 'uploads')

const LOOK_EVERY_MS = 200
const SWEEP_EVERY_MS = 600_000
/** Written in one call, a record within a page of memory is there as a whole or not at all, whenever the process is killed. */
const PAGE_BYTES = 4096

/**
 * Creates a memory in a folder, for all processes of a user on this machine. What is written here is small and on this machine, and a
 * file that is created takes longer than all else of a small upload: so records and locks create as few as they can, and do not wait
 * for a thread.
 */
export function createFolderMemory(folder: string): Memory {
  const fileOf = (fingerprint: string) => join(folder, `${fingerprint}.json`)
  const takeProcessLock = processLocksIn(join(folder, 'locks'))
  const withLocalLock = createLocalLocks()
  let sweptAt = Number.NEGATIVE_INFINITY

  async function read(fingerprint: string): Promise<Remembered | null> {
    const file = fileOf(fingerprint)
    // Most are not there, and an error takes longer than a question.
    if (!existsSync(file)) return null
    const text = await readFile(file, 'utf8').catch(() => null)
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
    for (;;) {
      const taken = takeProcessLock(fingerprint)
      if ('lock' in taken) return taken.lock
      await sleep(LOOK_EVERY_MS, signal)
    }
  }

  return {
    read,
    list,
    async write(fingerprint, upload) {
      await sweep()
      writeWhole(fileOf(fingerprint), JSON.stringify(upload))
    },
    forget: async fingerprint => rmSync(fileOf(fingerprint), { force: true }),
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

/**
 * Writes a file that is whole for other processes and after a kill. A power cut may take it, which costs one upload begun anew: a sync for each
 * of many small files would cost more.
 */
function writeWhole(file: string, text: string): void {
  if (overwrite(file, text)) return
  const draft = `${file}.draft`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

/** Writes over a record that is there, with spaces after a shorter one. @returns false when it has to be created */
function overwrite(file: string, text: string): boolean {
  if (!existsSync(file)) return false
  const opened = openSync(file, 'r+')
  try {
    const bytes = Buffer.from(text.padEnd(fstatSync(opened).size))
    return bytes.length <= PAGE_BYTES && writeSync(opened, bytes, 0, bytes.length, 0) === bytes.length
  } finally {
    closeSync(opened)
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
