import { mkdir, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Returns the folder in which media processes of all test files of a run cache V8's code of our modules; the first one
 * compiles it.
 * @param parent of that folder, where no run of vitest has one
 */
export async function mediaCodeDir(parent = tmpdir()): Promise<string> {
  const folder = join(process.env.DARKROOM_TEST_TEMP ?? parent, 'media-code')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Lends that code to workers whose `WORKER_TEMP_DIR` is `tempDir`: to compile it takes two seconds of CPU. */
export async function lendMediaCode(tempDir: string, parent?: string): Promise<void> {
  await mkdir(`${tempDir}-code`, { recursive: true, mode: 0o700 })
  await symlink(await mediaCodeDir(parent), join(`${tempDir}-code`, 'media'))
}
