import { findLockHolder, takeProcessLock } from '@darkroom/core/process-lock'

const lockOf = (dataDir: string): string => `${dataDir}.lock`

/**
 * Takes a data folder for this process, by a file beside it; one whose process died is taken over.
 * @returns the release
 * @throws Error when a living process has it
 */
export function lockDataDir(dataDir: string): () => void {
  const taken = takeProcessLock(lockOf(dataDir))
  if ('lock' in taken) return taken.lock.release
  const { pid } = taken.holder
  throw new Error(`The data folder ${dataDir} is in use by process ${pid}; stop it first or choose another folder.`)
}

/** Tells whether a living process uses a data folder. */
export const isDataDirInUse = (dataDir: string): boolean => findLockHolder(lockOf(dataDir)) !== null
