import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder, writeWhole } from '@darkroom/core/durable-files'
import { z } from 'zod'
import { CommandError, EXIT } from '../exit-codes.ts'
import { configFolderOf } from '../xdg-folders.ts'

/** An installation that somebody has logged in to. */
const Profile = z.object({ url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) })
export type Profile = z.output<typeof Profile>

const Profiles = z.object({
  /** The profile of commands that name none. */
  current: z.string().nullable(),
  profiles: z.record(z.string(), Profile),
})
export type Profiles = z.output<typeof Profiles>

type Env = Record<string, string | undefined>

export const DEFAULT_PROFILE = 'default'

export const profilesFileOf = (env: Env): string => join(configFolderOf(env), 'profiles.json')

/** Reads what `darkroom login` keeps; nothing when there is no file. @throws CommandError when it is damaged */
export async function readProfiles(env: Env): Promise<Profiles> {
  const file = profilesFileOf(env)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw unreadable(file, error)
  })
  if (text === null) return { current: null, profiles: {} }
  try {
    return Profiles.parse(JSON.parse(text))
  } catch (error) {
    throw unreadable(file, error)
  }
}

// Never the content: it has keys.
const unreadable = (file: string, cause: unknown) =>
  new CommandError(`${file} cannot be read. Correct it, or delete it and log in again.`, EXIT.usage, { cause })

/** Writes all profiles to a file that its owner alone can read. */
export async function writeProfiles(env: Env, profiles: Profiles): Promise<void> {
  const file = profilesFileOf(env)
  await makeFolder(dirname(file), { mode: 0o700 })
  await writeWhole(file, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 })
}

/** @throws CommandError when there is no profile of this name */
export function profileByName({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  const known = Object.keys(profiles).join(', ') || 'none'
  throw new CommandError(
    `There is no profile "${name}" (there are: ${known}). Create it: npx darkroom login <url> --profile ${name}`,
    EXIT.usage,
  )
}
