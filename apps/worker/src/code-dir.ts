import { rmdir } from 'node:fs/promises'
import { openTempDir } from './temp-dir.ts'

export interface CodeDir {
  /** Where the pool keeps what it compiles ahead. */
  folder: string
  close(): Promise<void>
}

/** A folder beside the one for runs, which media processes may write to. */
export async function openCodeDir(tempRoot: string): Promise<CodeDir> {
  const root = `${tempRoot}-code`
  const parent = await openTempDir(root)
  const folder = parent.folderOf('media')
  await parent.create(folder)
  return {
    folder,
    async close() {
      await parent.close()
      // It stays while another worker has its code in it.
      await rmdir(root).catch(() => undefined)
    },
  }
}
