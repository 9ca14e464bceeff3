import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@darkroom/core'
import { processIdentity } from '@darkroom/core/process-identity'

export interface TempDir {
  /** Where a run keeps its files. */
  folderOf(runId: string): string
  /** Makes the folder of a run, that only we can read. */
  create(folder: string): Promise<void>
  remove(folder: string): Promise<void>
  /** Removes the folder of this process and all in it. */
  close(): Promise<void>
}

/**
 * Folders for runs, below one per process: what a process that was killed left behind is found by its pid and removed
 * at the next start on the same host.
 * @throws ConfigError when it cannot be written
 */
export async function openTempDir(root: string): Promise<TempDir> {
  const own = join(root, `${hostname()}-${process.pid}`)
  try {
    await makeOwnFolder(root)
    await removeFoldersOfTheDead(root)
    await mkdir(own, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unwritable(error)
  }
  return {
    folderOf: runId => join(own, runId),
    // With its parents: a cleaner of temporary folders may have removed them while nothing ran.
    create: async folder => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
    },
    remove: folder => rm(folder, { recursive: true, force: true }),
    // A run that was abandoned may still write to it.
    close: () => rm(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

/**
 * Makes a folder that only we can read, with its parents; one that is there may be ours or root's.
 * @throws ConfigError
 */
export async function makeOwnFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await refuseForeign(folder)
  } catch (error) {
    throw unwritable(error)
  }
}

const unwritable = (error: unknown) =>
  error instanceof ConfigError
    ? error
    : new ConfigError([`WORKER_TEMP_DIR: expected a folder that can be written (${reasonOf(error)})`])

/**
 * Refuses a folder of another user. In a shared temporary folder somebody may have created ours first to replace our
 * files.
 */
async function refuseForeign(root: string): Promise<void> {
  const { uid } = await lstat(root)
  if (uid === 0 || uid === process.getuid?.()) return
  throw new Error(`${root} belongs to user ${uid}: remove it, or name another folder`)
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function removeFoldersOfTheDead(root: string): Promise<void> {
  const prefix = `${hostname()}-`
  for (const name of await readdir(root)) {
    const pid = Number(name.slice(prefix.length))
    if (!name.startsWith(prefix) || !Number.isInteger(pid)) continue
    // Our own pid is no proof of life: after a reboot or in a container it may be that of the one who died.
    if (pid === process.pid || processIdentity(pid) === null)
      await rm(join(root, name), { recursive: true, force: true })
  }
}
