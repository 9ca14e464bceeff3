import { common } from './shared.ts'

export const PresetName = common.name.meta({
  description: 'Lower-case letters, digits and hyphens, at most 63.',
  example: 'gallery',
})

/** Text that names a preset: `gallery` is its newest version, `gallery@2` that one. */
export interface PresetSelector {
  name: string
  version: number | null
}

/** Reads `name` or `name@version`; null for anything else. */
export function parsePresetSelector(text: string): PresetSelector | null {
  const [, name = '', version] = /^([^@]+)(?:@([1-9]\d{0,8}))?$/.exec(text) ?? []
  if (!PresetName.safeParse(name).success) return null
  return { name, version: version === undefined ? null : Number(version) }
}
