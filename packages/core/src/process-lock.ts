import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootIdentity, processIdentity } from './process-identity.ts'

/** The living process that has a lock. */
export interface LockHolder {
  pid: number
  /** What it has told of itself, as JSON; undefined before it does. */
  note: unknown
}

export interface ProcessLock {
  /** Tells who comes later about this process. */
  tell(note: unknown): void
  release(): void
}

/**
 * Takes a lock for this process: a file that appears whole and names its holder with the time of its start. One that a kill -9
 * or a power cut left behind is told from one that is held, also when the number was given to another process since, and is
 * taken over.
 * @returns the lock, or who has it
 */
export const takeProcessLock = (file: string): LockOrHolder => takeBy(file, () => createFile(file, contentOf()))

type LockOrHolder = { lock: ProcessLock } | { holder: LockHolder }

/** `appear` makes the file in one step; false: it is there already. */
function takeBy(file: string, appear: () => boolean): LockOrHolder {
  for (;;) {
    if (appear()) return { lock: lockAt(file) }
    const text = readOrNull(file)
    const holder = text === null ? null : livingHolder(text)
    if (holder) return { holder }
    if (text !== null) removeStale(file, text)
  }
}

/** Finds who has a lock; null when nobody does. */
export function findLockHolder(file: string): LockHolder | null {
  const text = readOrNull(file)
  return text === null ? null : livingHolder(text)
}

/**
 * Returns the content of a lock file: a line that identifies the process, one that identifies the boot, and the note of
 * the process.
 */
const contentOf = (note?: unknown): string => [ownIdentity(), JSON.stringify(note) ?? ''].join('\n')

let known: string | null = null

/** Returns what does not change while this process lives: who it is, and the boot. */
const ownIdentity = (): string => (known ??= [processIdentity(process.pid), bootIdentity()].join('\n'))

function lockAt(file: string): ProcessLock {
  return {
    tell(note) {
      const next = `${file}.next`
      writeFileSync(next, contentOf(note))
      renameSync(next, file)
    },
    release: () => rmSync(file, { force: true }),
  }
}

/** Makes a file with its content in one step. @returns false when it is there already */
function createFile(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, content)
  try {
    return link(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** @returns false when the file is there already */
function link(from: string, file: string): boolean {
  try {
    linkSync(from, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** By folder, the file that names this process. */
const ownFiles = new Map<string, string>()

/**
 * Returns the locks of a folder that has nothing else, for a process that takes many. Each is a link to one file that names the
 * process: a link takes a twentieth of the time that a file takes.
 * @returns a function that takes the lock of a name, as `takeProcessLock` does
 */
export function processLocksIn(folder: string): (name: string) => LockOrHolder {
  function appear(file: string): boolean {
    const own = ownFiles.get(folder) ?? introduce(folder)
    try {
      return link(own, file)
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error
      // Somebody has emptied the folder.
      return link(introduce(folder), file)
    }
  }

  return name => {
    const file = join(folder, name)
    return takeBy(file, () => appear(file))
  }
}

/** Makes the file that names this process in a folder of locks, and removes what killed processes have left there. */
function introduce(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  removeDead(folder)
  const file = join(folder, `${process.pid}.process`)
  // One of an earlier process of this number may still be linked, so it is not written over.
  rmSync(file, { force: true })
  writeFileSync(file, contentOf(), { mode: 0o600 })
  if (ownFiles.size === 0) process.once('exit', removeOwnFiles)
  ownFiles.set(folder, file)
  return file
}

function removeOwnFiles(): void {
  for (const file of ownFiles.values()) rmSync(file, { force: true })
}

/** Removes what killed processes have left in a folder of locks. */
function removeDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const text = readOrNull(file)
    if (text !== null && !livingHolder(text)) removeStale(file, text)
  }
}

/** Returns the living holder of a lock. A lock that a power cut left incomplete is held by nobody. */
function livingHolder(text: string): LockHolder | null {
  const [identity = '', boot = bootIdentity(), note = ''] = text.split('\n')
  const pid = Number.parseInt(identity, 10)
  const isLiving = processIdentity(pid) === identity && boot === bootIdentity()
  return isLiving ? { pid, note: parseJson(note) } : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Removes a stale lock. Two processes must not remove each other's new lock: one that was moved aside and is new is put
 * back.
 */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.stale-${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, file)
  } catch (error) {
    // Somebody else has removed it, or has a lock of their own by now.
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code
