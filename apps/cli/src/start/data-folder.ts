import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '@darkroom/core/config'
import { syncFolder } from '@darkroom/core/durable-files'

const REPO_ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

/**
 * Returns the folder in which `darkroom start` keeps its data. A relative path begins at the repository, not at the
 * current folder.
 */
export const dataFolderOf = (env: Record<string, string | undefined>): string =>
  resolve(REPO_ROOT, env.DARKROOM_DATA || '.darkroom')

/**
 * Makes the folder of all data, readable by us alone, unless it is there.
 * @throws ConfigError when it is no folder, or cannot be written
 */
export async function ensureDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([`DARKROOM_DATA: expected a writable folder (${reason})`])
  }
}

/**
 * Makes a folder step by step: Node's recursive mkdir never ends where a file system makes no folders, such as /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder, { mode: 0o700 }).catch(async error => {
    // Another start was quicker.
    if (!(await isFolder(folder))) throw error
  })
  // So that a power loss does not take it away.
  await syncFolder(dirname(folder))
}

const isFolder = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() ?? false
