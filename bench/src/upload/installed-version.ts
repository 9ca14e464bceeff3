import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Returns the first line of what a program says of its version; null when it is not installed. */
export async function installedVersion(program: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'])
    return stdout.split('\n')[0]?.trim() ?? null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
