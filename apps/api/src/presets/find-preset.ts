import { appError, parsePresetSelector } from '@darkroom/contracts'
import { type Database, findPreset, type Preset } from '@darkroom/db'

/** The preset that an upload names: `gallery`, its newest version, or `gallery@2`. @throws INVALID_REQUEST */
export async function presetNamed(db: Database, projectId: string, text: string): Promise<Preset> {
  const selector = parsePresetSelector(text)
  const preset = selector && (await findPreset(db, projectId, selector.name, selector.version))
  if (!preset) throw appError('INVALID_REQUEST', `There is no preset named "${text}".`)
  return preset
}
