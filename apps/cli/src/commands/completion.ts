import { fileURLToPath } from 'node:url'
import { getCompletionScript, SUPPORTED_SHELLS } from '@pnpm/tabtab'
import { Argument } from 'commander'
import { newCommand } from '../output.ts'

export const completionCommand = () =>
  newCommand('completion', { description: '', example: 'completion bash > ~/.darkroom-completion.bash' })
    .addArgument(new Argument('<shell>', 'the shell that gets it').choices(SUPPORTED_SHELLS))
    .addHelpText('after', WHERE)
    .action(printScript)

const WHERE = `
The shell completes the command \`darkroom\`; \`npx darkroom\` is a command of npx. It has to be on the PATH, or a function or alias.
Read it in ~/.bashrc: source ~/.darkroom-completion.bash. For zsh: > ~/.zfunc/_darkroom, for fish: > ~/.config/fish/completions/darkroom.fish, for PowerShell: >> $PROFILE`

type Shell = (typeof SUPPORTED_SHELLS)[number]

async function printScript(shell: Shell): Promise<void> {
  const program = fileURLToPath(new URL('../../bin/darkroom.mjs', import.meta.url))
  console.log(await getCompletionScript({ name: 'darkroom', completer: quoted(program, shell), shell }))
}

/** Quotes a path for a shell. Fish evaluates the line once more. */
function quoted(path: string, shell: Shell): string {
  const once = `'${path.replaceAll("'", String.raw`'\''`)}'`
  return shell === 'fish' ? `"${once}"` : once
}
