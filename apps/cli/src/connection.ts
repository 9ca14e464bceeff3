import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { parseConfig } from '@darkroom/core/config'
import { AdminConfig } from './admin-config.ts'
import { CommandError, EXIT } from './exit-codes.ts'
import { type Profile, profileByName, readProfiles } from './profiles/profiles.ts'
import { dataFolderOf } from './start/data-folder.ts'
import { findRunning } from './start/instance-lock.ts'

/** Where a command finds the API, and as whom it speaks. */
export interface Connection {
  url: string
  key: string
  keyOrigin: KeyOrigin
}

/** Tells whether the key is one of a project, which reaches that project alone. */
export const isOfProject = ({ key }: Connection): boolean => key.startsWith('dk_') && key !== LOCAL_KEY

/** Where the key comes from: `local mode` when there is no other. */
export type KeyOrigin = 'DARKROOM_KEY' | 'login' | 'local mode'

const DEFAULT_URL = 'http://127.0.0.1:3000'
const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/

/** Tells whether what is sent to a URL stays on this machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(url)

/** @throws CommandError and ConfigError that say what to set */
export async function findConnection(env: NodeJS.ProcessEnv): Promise<Connection> {
  const { DARKROOM_URL, DARKROOM_KEY, DARKROOM_PROFILE } = parseConfig(AdminConfig, env)
  const profile = DARKROOM_URL && DARKROOM_KEY ? null : await findProfile(env, DARKROOM_PROFILE)
  const url = DARKROOM_URL ?? profile?.url ?? findLocal(env)
  if (DARKROOM_KEY) return { url, key: DARKROOM_KEY, keyOrigin: 'DARKROOM_KEY' }
  // The key of one installation is never sent to another.
  if (profile?.url === url) return { url, key: profile.key, keyOrigin: 'login' }
  if (isLoopback(url)) return { url, key: LOCAL_KEY, keyOrigin: 'local mode' }
  const text = `DARKROOM_KEY: is missing; set it to an API key of the Darkroom at ${url}, or log in: npx darkroom login ${url}`
  throw new CommandError(text, EXIT.usage)
}

async function findProfile(env: NodeJS.ProcessEnv, name: string | undefined): Promise<Profile | null> {
  const profiles = await readProfiles(env)
  const wanted = name ?? profiles.current
  return wanted === null ? null : profileByName(profiles, wanted)
}

/** Finds the API of `npm start` on this machine by the lock in its data folder. */
export function findLocal(env: NodeJS.ProcessEnv): string {
  const running = findRunning(dataFolderOf(env))
  if (running === '') throw new CommandError('Darkroom is starting up. Try again when it is ready.', EXIT.unreachable)
  return running ?? DEFAULT_URL
}
