import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { parseConfig } from '@darkroom/core/config'
import { AdminConfig } from './admin-config.ts'
import { CommandError, EXIT } from './exit-codes.ts'
import { dataFolderOf } from './start/data-folder.ts'
import { findRunning } from './start/instance-lock.ts'

/** Where a command finds the API, and as whom it speaks. */
export interface Connection {
  url: string
  key: string
  /** False when the key of local mode was taken for want of another. */
  hasOwnKey: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:3000'
const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/

/** @throws CommandError and ConfigError that say what to set */
export async function findConnection(env: NodeJS.ProcessEnv): Promise<Connection> {
  const { DARKROOM_URL, DARKROOM_KEY } = parseConfig(AdminConfig, env)
  const url = DARKROOM_URL ?? findLocal(env)
  if (!DARKROOM_KEY && !LOOPBACK.test(url))
    throw new CommandError(`DARKROOM_KEY: is missing; set it to an API key of the Darkroom at ${url}.`, EXIT.usage)
  return { url, key: DARKROOM_KEY ?? LOCAL_KEY, hasOwnKey: DARKROOM_KEY !== undefined }
}

/** Finds the API of `npm start` on this machine by the lock in its data folder. */
function findLocal(env: NodeJS.ProcessEnv): string {
  const running = findRunning(dataFolderOf(env))
  if (running === '') throw new CommandError('Darkroom is starting up. Try again when it is ready.', EXIT.unreachable)
  return running ?? DEFAULT_URL
}
