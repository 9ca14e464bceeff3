import { getShellFromEnv, log, logFiles, parseEnv } from '@pnpm/tabtab'
import { findCandidates } from './find-candidates.ts'

/**
 * Answers the script of a shell, which puts the command line into the environment, with what can follow, one a line. Bash and PowerShell
 * complete names of files by themselves when the answer is empty; the others are asked to.
 */
export async function answerShell(env: NodeJS.ProcessEnv): Promise<void> {
  const shell = getShellFromEnv(env)
  const [current = '', ...earlier] = wordsOf(parseEnv(env).partial).toReversed()
  const { items, before, hasFiles } = await findCandidates(earlier.toReversed(), current)
  // They have cut the word at its equals sign.
  const isCut = shell === 'bash' || shell === 'pwsh'
  const named = items.map(({ name, description }) => ({ name: isCut ? name : before + name, description }))
  if (shell === 'bash') for (const { name } of named) console.log(name)
  else if (named.length > 0) log(named, shell)
  else if (hasFiles && shell !== 'pwsh') logFiles()
}

/** Splits the line up to the cursor, and leaves out the program and what comes before it. */
function wordsOf(line: string): string[] {
  const words = line.split(/\s+/)
  const at = words.findLastIndex((word, index) => index < words.length - 1 && /(^|\/)darkroom$/.test(word))
  return words.slice(at === -1 ? 1 : at + 1)
}
