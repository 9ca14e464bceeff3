import { ConfigError, StartupError } from '@darkroom/core/config'
import type { DarkroomError } from '@darkroom/sdk'
import { CommanderError } from 'commander'
import { endWithReader } from './closed-output.ts'
import { CommandError, EXIT } from './exit-codes.ts'
import { createProgram, needsOf } from './program.ts'
import { printableLines } from './terminal-text.ts'

/** Runs the command of the process's arguments to its end, and sets the exit code. */
export async function runCommandLine(): Promise<void> {
  endWithReader()
  const args = process.argv.slice(2)
  try {
    if (args[0] === COMPLETION_SERVER)
      return await (await import('./completion/answer-shell.ts')).answerShell(process.env)
    const program = await createProgram(args)
    program.hook('preAction', () => chooseProfile(program.opts<{ profile?: string }>().profile))
    await program.parseAsync()
  } catch (error) {
    process.exitCode = report(await explain(error), args)
  }
}

/** How the scripts of `darkroom completion` call it. */
const COMPLETION_SERVER = 'completion-server'

/** Has the whole process use a profile that was named on the command line, which is the nearest to a person. */
function chooseProfile(name: string | undefined): void {
  if (name === undefined) return
  process.env.DARKROOM_PROFILE = name
  delete process.env.DARKROOM_URL
  delete process.env.DARKROOM_KEY
}

/** Translates what a call of the API failed with. Only who fails needs the texts, and a command without calls not even the SDK. */
async function explain(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && error.name === 'DarkroomError')) return error
  const [{ explainFailure }, { findConnection }] = await Promise.all([
    import('./explain-failure.ts'),
    import('./connection.ts'),
  ])
  return explainFailure(error as DarkroomError, await findConnection(process.env))
}

/** Says what went wrong, in words. @returns the exit code */
function report(error: unknown, args: readonly string[]): number {
  // It has said all by itself: help, the version, or what it did not understand.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof CommandError || error instanceof StartupError) {
    console.error(printableLines(error.message))
    if (error instanceof ConfigError && needsOf(args)) console.error(needsOf(args))
    return error.exitCode
  }
  console.error(
    process.env.DARKROOM_DEBUG
      ? error
      : `${printableLines(plain(error))}\nSet DARKROOM_DEBUG=1 to see the stack trace.`,
  )
  return EXIT.failed
}

function plain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const reason = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message || error.name}${reason}`
}
