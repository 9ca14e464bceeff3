import { createDarkroom, DarkroomError } from '@darkroom/sdk'
import { findLocal, isLoopback } from '../connection.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { explainFailure } from '../explain-failure.ts'
import { newCommand } from '../output.ts'
import { DEFAULT_PROFILE, profilesFileOf, readProfiles, writeProfiles } from '../profiles/profiles.ts'
import { askSecret, readFirstLine } from '../prompt.ts'

export const loginCommand = () =>
  newCommand('login', { description: '', example: 'login https://media.example.com --profile shop' })
    .argument('[url]', 'URL of the API; default: the `npm start` on this machine')
    .addHelpText('after', KEY)
    .action(login)

const KEY = `
Asks for the API key, or reads it from standard input: it never appears in the list of processes or in the history of the shell.
  $ npx darkroom login https://media.example.com < key.txt`

async function login(given: string | undefined): Promise<void> {
  const { env } = process
  const url = given === undefined ? findLocal(env) : parseUrl(given)
  const profiles = await readProfiles(env)
  const key = await readKey(url)
  await checkKey(url, key)
  const name = env.DARKROOM_PROFILE || DEFAULT_PROFILE
  await writeProfiles(env, { current: name, profiles: { ...profiles.profiles, [name]: { url, key } } })
  console.log(
    `Logged in to ${url} as profile "${name}". The key is in ${profilesFileOf(env)}, which only you can read.`,
  )
  if (new URL(url).protocol === 'http:' && !isLoopback(url))
    console.error('Warning: the URL is http, so the key crosses the network unencrypted. Use https.')
  if (env.DARKROOM_URL || env.DARKROOM_KEY)
    console.error('Warning: commands use DARKROOM_URL and DARKROOM_KEY of the environment before this login.')
}

function parseUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandError(`"${text}" is not the URL of an API. Example: https://media.example.com`, EXIT.usage)
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new CommandError('The URL has more than a host and a path. The key is asked for separately.', EXIT.usage)
  return url.href.replace(/\/+$/, '')
}

async function readKey(url: string): Promise<string> {
  const text = process.stdin.isTTY ? await askSecret(`API key for ${url}: `) : await readFirstLine()
  const key = text.trim()
  if (/^d[ok]_[\x21-\x7e]+$/.test(key)) return key
  const reason = key === '' ? 'No API key was given' : 'This is not an API key: one begins with dk_ or do_'
  throw new CommandError(`${reason}. Create one on the server: npx darkroom keys create`, EXIT.usage)
}

/** @throws CommandError unless there is a Darkroom that knows the key, whatever the key may do */
async function checkKey(url: string, key: string): Promise<void> {
  const darkroom = createDarkroom({ url, key, maxRetries: 0 })
  try {
    const { version } = await darkroom.service.status()
    if (version === undefined)
      throw new CommandError(`${url} answers as no Darkroom API. Check the URL.`, EXIT.unreachable)
    await darkroom.assets.list({ limit: 1 })
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error
    // A key that may only upload, and that of an operator, are known all the same.
    if (error.code === 'FORBIDDEN') return
    if (error.code !== 'UNAUTHORIZED') throw explainFailure(error, { url, keyOrigin: 'login' })
    throw new CommandError(`${url} does not accept this API key. It was not stored.`, EXIT.unauthorized)
  }
}
