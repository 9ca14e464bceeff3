import { read } from 'read'
import { CommandError, EXIT } from './exit-codes.ts'

/** Asks for a secret, which is not shown while it is typed. */
export const askSecret = (prompt: string): Promise<string> => ask({ prompt, silent: true, replace: '*' })

/** Asks whether to go on; anything but yes is no. */
export async function askYes(prompt: string): Promise<boolean> {
  const answer = await ask({ prompt: `${prompt} [y/N] ` })
  return /^y(es)?$/i.test(answer.trim())
}

/** Asks on stderr, so that what the command prints can be piped. @throws CommandError on Ctrl-C and Ctrl-D */
const ask = (options: { prompt: string; silent?: boolean; replace?: string }): Promise<string> =>
  read({ ...options, input: process.stdin, output: process.stderr }).catch(() => {
    throw new CommandError('\nCancelled; nothing was changed.', EXIT.interrupted)
  })

/** Reads the first line of stdin, where a program writes it. */
export async function readFirstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.split('\n')[0]?.trim() ?? ''
}
