import { type PresetSelector, parsePresetSelector } from '@darkroom/contracts'
import type { Project } from '@darkroom/db/projects'
import { raise } from '../route.ts'

/** What a new asset is made by: `gallery`, its newest version, or `gallery@2`; else what its project has for all. */
export function presetSelectorOf(
  { defaultPreset }: Project,
  { preset }: { preset?: string | undefined },
): PresetSelector {
  const text = preset ?? defaultPreset ?? 'default'
  return parsePresetSelector(text) ?? raise('INVALID_REQUEST', `There is no preset named "${text}".`)
}
