import { createDarkroom, type Darkroom, DarkroomError } from '@darkroom/sdk'
import { exitCodeOf, WRONG_KEY } from './api-failures.ts'
import { type Connection, findConnection } from './connection.ts'
import { CommandError, EXIT } from './exit-codes.ts'

interface Connected {
  darkroom: Darkroom
  connection: Connection
}

/** Connects to the installation that commands use; calls throw what `explainFailure` can explain. */
export async function connectSdk(options: { maxRetries?: number } = {}): Promise<Connected> {
  const connection = await findConnection(process.env)
  return { darkroom: createDarkroom({ ...options, url: connection.url, key: connection.key }), connection }
}

/** Translates a failure of a call to one with an exit code that says what to do; returns anything else as it is. */
export async function explainFailure(error: unknown, { url, keyOrigin }: Connection): Promise<unknown> {
  if (!(error instanceof DarkroomError)) return error
  const { code, message, status } = error
  const options = { cause: error }
  if (code === 'UNAUTHORIZED') return new CommandError(WRONG_KEY[keyOrigin](url), EXIT.unauthorized, options)
  if (status === null)
    return new CommandError(`${message}\nWhat to do: ${error.advice}`, exitCodeOfError(error), options)
  // Only who fails needs the catalogue of errors.
  const { errorEntry } = await import('@darkroom/contracts/errors')
  const text = `${code}: ${message}\nWhat to do: ${errorEntry(code).admin}`
  return new CommandError(text, exitCodeOfError(error), options)
}

/** Returns the exit code of a failed call, or of an asset that failed. */
export function exitCodeOfError({ code, status, asset, retryable }: DarkroomError): CommandError['exitCode'] {
  if (asset) return EXIT.processingFailed
  if (status !== null) return exitCodeOf(status)
  return retryable || code === 'INVALID_ANSWER' ? EXIT.unreachable : EXIT.failed
}
