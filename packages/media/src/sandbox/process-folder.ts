import { constants, lstatSync, mkdirSync, mkdtempSync, renameSync, type Stats } from 'node:fs'
import { copyFile, link, readdir, rm, unlink } from 'node:fs/promises'
import path from 'node:path'
import { appError } from '@darkroom/contracts'
import { childCrashed } from '../errors.ts'

/** The name under which a process finds the file of its job; no variant has one without an extension. */
const SOURCE = 'source'

/** Creates a new folder for one process: the only one that it sees and can write to. Nobody else's files are ever in it. */
export function newProcessFolder(tempRoot: string): string {
  // With its parents: a cleaner of temporary folders may have removed them while nothing ran.
  mkdirSync(tempRoot, { recursive: true, mode: 0o700 })
  return mkdtempSync(path.join(tempRoot, 'process-'))
}

/**
 * Puts a file where the process sees it; returns its path there. A link costs nothing; not every file system has them.
 * @throws AppError WORKER_CRASHED where its folder is gone, or is not as it was left, NO_SPACE
 */
export async function lendTo(folder: string, file: string): Promise<string> {
  const lent = path.join(folder, SOURCE)
  try {
    await rm(lent, { force: true })
    // Neither of them follows a link that the process has put there.
    await link(file, lent).catch(() => copyFile(file, lent, constants.COPYFILE_EXCL))
    return lent
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw appError('NO_SPACE', undefined, { cause: error })
    throw childCrashed({ reason: 'it cannot be given its file', cause: String(error) })
  }
}

/**
 * Takes a file out of the reach of the process and says what it is: only then can it not become something else any more.
 * Null where there is none.
 */
export function takeFrom(folder: string, name: string, to: string): Stats | null {
  try {
    renameSync(path.join(folder, name), to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return lstatSync(to)
}

/**
 * Removes what a job left; false where that takes more than removing files. No folder is ever walked into: as long as the
 * process lives, it could put a link to others' files in the place of one.
 */
export async function clear(folder: string): Promise<boolean> {
  try {
    for (const name of await readdir(folder)) await unlink(path.join(folder, name))
    return true
  } catch {
    return false
  }
}

/** Removes the folder of a process that is gone; again where a file was lent to it at that very moment, and the folder is not empty. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
