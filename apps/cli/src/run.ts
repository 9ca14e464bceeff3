import { StartupError } from '@darkroom/core/config'
import { CommanderError } from 'commander'
import { endWithReader } from './closed-output.ts'
import { CommandError, EXIT } from './exit-codes.ts'
import { createProgram } from './program.ts'

/** Runs the command of the process's arguments to its end, and sets the exit code. */
export async function runCommandLine(): Promise<void> {
  endWithReader()
  try {
    const program = await createProgram(process.argv[2])
    await program.parseAsync()
  } catch (error) {
    process.exitCode = report(error)
  }
}

/** Says what went wrong, in words. @returns the exit code */
function report(error: unknown): number {
  // It has said all by itself: help, the version, or what it did not understand.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof CommandError || error instanceof StartupError) {
    console.error(error.message)
    return error.exitCode
  }
  console.error(process.env.DARKROOM_DEBUG ? error : `${plain(error)}\nSet DARKROOM_DEBUG=1 to see the stack trace.`)
  return EXIT.failed
}

function plain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const reason = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message || error.name}${reason}`
}
