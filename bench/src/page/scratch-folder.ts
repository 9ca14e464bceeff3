import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes an empty folder that is gone in the end. */
export async function scratchFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-bench-page-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}
