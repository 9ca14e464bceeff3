import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

type Env = Record<string, string | undefined>

/** Returns the folder of our settings, as the XDG Base Directory Specification has it. */
export const configFolderOf = (env: Env): string => folderOf(env, env.XDG_CONFIG_HOME, '.config')

/** Returns the folder of what we remember between two calls, such as how far an import got. */
export const stateFolderOf = (env: Env): string => folderOf(env, env.XDG_STATE_HOME, '.local/state')

// The specification has relative paths ignored.
const folderOf = (env: Env, given: string | undefined, usual: string): string =>
  join(given && isAbsolute(given) ? given : join(env.HOME || homedir(), usual), 'darkroom')
