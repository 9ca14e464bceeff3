// Loaded before a command: kills it with SIGKILL when the SDK has noted that an upload is confirmed, and the command itself has not.
import files from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { writeSync } = files
files.writeSync = (file, bytes, ...rest) => {
  const written = writeSync(file, bytes, ...rest)
  if (finishedAtOf(bytes) !== null) process.kill(process.pid, 'SIGKILL')
  return written
}
syncBuiltinESMExports()

/** Nothing else that is written is a record, and an upload that is only planned has no such field. */
function finishedAtOf(bytes) {
  try {
    return JSON.parse(bytes.toString()).finishedAt ?? null
  } catch {
    return null
  }
}
