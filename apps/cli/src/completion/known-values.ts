import { readProfiles } from '../profiles/profiles.ts'

/** What this machine knows of values, by the name that options and arguments have for them. Nobody waits for an API. */
const VALUES: Record<string, () => Promise<string[]>> = {
  profile: async () => Object.keys((await readProfiles(process.env)).profiles),
  preset: async () => {
    const { BUILT_IN_PRESETS } = await import('@darkroom/contracts')
    return BUILT_IN_PRESETS.map(({ name }) => name)
  },
  queue: async () => {
    const { QUEUE_NAMES } = await import('@darkroom/contracts/jobs')
    return ['all', ...QUEUE_NAMES]
  },
}

/** Returns the values of the first of these names, such as `profile`, that is known; none where none is. */
export async function valuesOf(names: readonly string[]): Promise<string[]> {
  const known = names.find(name => Object.hasOwn(VALUES, name))
  return known === undefined ? [] : ((await VALUES[known]?.()) ?? [])
}
