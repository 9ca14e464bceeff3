import { appError, type PresetSelector, parsePresetSelector } from '@darkroom/contracts'
import type { Project } from '@darkroom/db/projects'

/** Returns what a new asset is made by: `gallery`, its newest version, or `gallery@2`; else what its project has for all. */
export function presetSelectorOf(
  { defaultPreset }: Project,
  { preset }: { preset?: string | undefined },
): PresetSelector {
  const text = preset ?? defaultPreset ?? 'default'
  const selector = parsePresetSelector(text)
  if (!selector) throw appError('INVALID_REQUEST', `There is no preset named "${text}".`)
  return selector
}
