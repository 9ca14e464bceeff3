import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** What the databases and objects of a run may take. Docker gives a container 64 MB unless told otherwise, too little for one database. */
const LEAST_FREE_BYTES = 2 * 1024 ** 3

/**
 * Returns a folder for data that lives no longer than a run: in memory where a tmpfs has enough room, else the one for
 * temporary files.
 */
export function memoryFolder(leastFreeBytes = LEAST_FREE_BYTES, tmpfs = '/dev/shm'): string {
  return freeBytes(tmpfs) >= leastFreeBytes ? tmpfs : tmpdir()
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}
