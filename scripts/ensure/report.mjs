/** A failure whose message says all that a reader needs; no stack. */
export class FatalError extends Error {}

/** Progress goes to stderr: stdout belongs to the command that follows. */
export function say(text) {
  process.stderr.write(`darkroom: ${text}\n`)
}

export function fail(error) {
  say(error instanceof FatalError ? error.message : (error?.stack ?? String(error)))
  process.exit(1)
}
