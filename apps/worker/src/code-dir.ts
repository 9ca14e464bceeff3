import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeOwnFolder } from './temp-dir.ts'

/**
 * Opens the folder in which the pool keeps its compile cache. It lies beside the folder for runs, which media processes
 * may write to, and it stays, so that the next worker starts faster.
 * @returns its path
 * @throws ConfigError when it cannot be made, or belongs to another user
 */
export async function openCodeDir(tempRoot: string): Promise<string> {
  const folder = join(`${tempRoot}-code`, 'media')
  await makeOwnFolder(`${tempRoot}-code`)
  await makeOwnFolder(folder)
  // Who may write to it decides what media processes run. Of a folder of root we cannot say so, nor write to it.
  await chmod(folder, 0o700).catch(() => undefined)
  return folder
}
