// Loaded before a command: kills it with SIGKILL when the SDK has noted that an upload is confirmed, and the command itself has not.
import { readFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const { rename } = files
files.rename = async (from, to) => {
  await rename(from, to)
  if (!/\/uploads\/[^/]+\.json$/.test(to)) return
  // An upload that is only planned has no such field.
  if (typeof JSON.parse(readFileSync(to, 'utf8')).finishedAt === 'number') process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()
