import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '@darkroom/core/durable-files'

/**
 * Returns a secret that survives restarts and power losses, readable by this user only. Without it, what it signed and
 * encrypted is worthless. Call it under the lock of the folder.
 */
export async function persistedSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret')
  const kept = existsSync(file) ? await readFile(file, 'utf8') : ''
  if (kept !== '') return kept
  const secret = randomBytes(32).toString('base64url')
  await writeWhole(file, secret, { mode: 0o600 })
  return secret
}
