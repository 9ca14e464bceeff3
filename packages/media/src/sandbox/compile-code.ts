import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Logger } from '@darkroom/core'
import { codeVersion } from './code-version.ts'
import type { Isolation } from './isolation.ts'
import { NODE_FLAGS } from './node-flags.ts'

const ENTRY = fileURLToPath(new URL('./compile.ts', import.meta.url))
/** Of what a media process loads; packages of others change with the version of ours. */
const SOURCES = ['media', 'contracts', 'core'].map(name =>
  fileURLToPath(new URL(`../../../${name}/src`, import.meta.url)),
)
const TIMEOUT_MS = 30_000

/**
 * Compiles our code ahead, under the very conditions of a media process: three quarters of the time in which one starts
 * went into that. What an earlier start made of the same code is taken as it is. Whoever may write to the folder decides
 * what they run, so no media process sees it but to read.
 * @returns the folder; null where it could not be done, which costs nothing but time
 */
export async function compileCode(isolation: Isolation, codeDir: string, logger: Logger): Promise<string | null> {
  const [command = process.execPath, ...args] = [...isolation.prefix({ folder: codeDir }), process.execPath]
  try {
    // Limits and tools, which are in its command line as well, change nothing of the code.
    const mark = path.join(codeDir, await codeVersion(SOURCES, [isolation.name, ...NODE_FLAGS]))
    if (existsSync(mark)) return codeDir
    await promisify(execFile)(command, [...args, ...NODE_FLAGS, ENTRY, codeDir], {
      env: {},
      cwd: '/',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    // Last, so that a kill in between leaves nothing that is taken for whole.
    await writeFile(mark, '')
    return codeDir
  } catch (error) {
    logger.warn({ err: error }, 'could not precompile the code of media processes; they start slower')
    return null
  }
}
