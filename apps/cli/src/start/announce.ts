import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import type { Worker } from '@darkroom/worker'
import type { Env } from './embedded.ts'
import { isLocalMode } from './mode.ts'

export interface Started {
  url: string
  given: Env
  /** The first key of the installation, when this start made it. */
  key: string | null
  worker: Pick<Worker, 'sandbox' | 'hasFfmpeg'>
  hasPage: boolean
}

/** Says how far a start came; the last line is where it is ready. */
export function announce({ url, given, key, worker, hasPage }: Started, say: (text: string) => void): void {
  const { sandbox, hasFfmpeg } = worker
  say(`sandbox: ${sandbox.level}${sandbox.reason ? ` (${sandbox.reason})` : ''}`)
  if (!hasFfmpeg) say('off: video and audio (ffmpeg not found; install it, or set FFMPEG_PATH, and start again)')
  if (!hasPage) say('off: the web page (not built; run "npm run build")')
  for (const line of keyLines(given, key)) say(line)
  say(`darkroom ready ${url}`)
}

function keyLines(given: Env, key: string | null): string[] {
  if (isLocalMode(given)) return [`key: ${LOCAL_KEY}`]
  const another = `to create another one: "${prefixOf(given)}npx darkroom keys create --operator --direct"`
  if (key === null) return [`key: the operator key that the first start printed; ${another}`]
  return [
    `key: ${key}`,
    `     operator key, shown only once: store it, and set it as DARKROOM_KEY for commands; ${another}`,
  ]
}

/**
 * Returns the variables that a command in another terminal needs to find this installation, without repeating secrets.
 */
function prefixOf({ DARKROOM_DATA, DATABASE_URL }: Env): string {
  if (DATABASE_URL) return 'DATABASE_URL=… '
  return DARKROOM_DATA ? `DARKROOM_DATA=${DARKROOM_DATA} ` : ''
}
