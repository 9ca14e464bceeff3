import { DarkroomError } from '@darkroom/sdk'
import { CommandError, EXIT, type ExitCode, exitCodeOfAll } from '../exit-codes.ts'
import { interruptible } from '../interrupt.ts'
import { linesOf } from '../lines.ts'
import { commandWithJsonLines, counted, printLine } from '../output.ts'
import { createPatientSending } from '../patient-sending.ts'
import { askYes } from '../prompt.ts'
import { connectSdk, exitCodeOfError, OF_ALL } from '../sdk-client.ts'

interface Options {
  json?: true
  yes?: true
}

export const rmCommand = () =>
  commandWithJsonLines('rm', { description: '', example: 'rm 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001 --yes' })
    .argument('<asset id...>', 'assets to delete, - for one id a line of standard input')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nA deletion cannot be undone. In a terminal it is asked for first.')
    .action(remove)

async function remove(given: string[], options: Options): Promise<void> {
  if (process.stdin.isTTY && !options.yes) {
    const which = given.includes('-') ? 'all assets that you list now,' : counted(given.length, 'asset')
    const isSure = await askYes(`Delete ${which} with all files? This cannot be undone.`)
    if (!isSure) throw new CommandError('Nothing was deleted.', EXIT.interrupted)
  }
  const { darkroom } = await connectSdk()
  const codes = new Set<ExitCode>()
  await interruptible('The assets that are listed as deleted are deleted.', async signal => {
    const send = createPatientSending(signal)
    for await (const id of idsOf(given)) {
      signal.throwIfAborted()
      const result = await send(() => darkroom.assets.delete(id, { signal })).then(() => DELETED, outcomeOfError)
      codes.add(result.exitCode)
      const { outcome, code } = result
      printLine(options, { id, outcome, code }, () => `${outcome.padEnd(8)}  ${id}${code ? `  ${result.message}` : ''}`)
    }
  })
  process.exitCode = exitCodeOfAll(codes)
}

async function* idsOf(given: string[]): AsyncGenerator<string> {
  for (const id of given)
    if (id === '-') yield* linesOf(process.stdin)
    else yield id
}

interface Outcome {
  outcome: 'deleted' | 'failed'
  code: string | null
  message: string
  exitCode: ExitCode
}

const DELETED: Outcome = { outcome: 'deleted', code: null, message: '', exitCode: EXIT.ok }

/** @throws the error itself when it concerns every asset */
function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof DarkroomError) || OF_ALL.has(error.code)) throw error
  const exitCode = exitCodeOfError(error)
  if (exitCode === EXIT.unreachable) throw error
  // What is gone is as was asked for.
  if (error.code === 'ASSET_DELETED') return DELETED
  return { outcome: 'failed', code: error.code, message: `${error.code}: ${error.message}`, exitCode }
}
