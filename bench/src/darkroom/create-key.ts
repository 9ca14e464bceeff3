import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')

/** Makes a key of a project without the API. `env` names the database, or the data folder of the start that runs. */
export async function createKey(env: Record<string, string>, project: string): Promise<string> {
  const args = [CLI, 'keys', 'create', '--direct', '--project', project]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } })
  return stdout.trim()
}
