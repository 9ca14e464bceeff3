import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Logger } from '@darkroom/core'
import type { Isolation } from './isolation.ts'
import { NODE_FLAGS } from './node-flags.ts'

const ENTRY = fileURLToPath(new URL('./compile.ts', import.meta.url))
const TIMEOUT_MS = 30_000

/**
 * Compiles our code ahead, under the very conditions of a media process: three quarters of the time in which one starts
 * went into that. Whoever may write to the folder decides what they run, so no media process sees it but to read.
 * @returns the folder; null where it could not be done, which costs nothing but time
 */
export async function compileCode(isolation: Isolation, codeDir: string, logger: Logger): Promise<string | null> {
  const [command = process.execPath, ...args] = [...isolation.prefix({ folder: codeDir }), process.execPath]
  try {
    await promisify(execFile)(command, [...args, ...NODE_FLAGS, ENTRY, codeDir], {
      env: {},
      cwd: '/',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    return codeDir
  } catch (error) {
    logger.warn({ err: error }, 'the code of media processes could not be compiled ahead; they start slower')
    return null
  }
}
