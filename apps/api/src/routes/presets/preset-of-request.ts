import { appError, type BackfillFilter, PresetName, parsePresetSelector } from '@darkroom/contracts'
import type { AssetSelection } from '@darkroom/db/backfills'
import type { Database } from '@darkroom/db/client'
import { findPreset, type Preset } from '@darkroom/db/presets'
import { z } from 'zod'

// Texts, because a name or number that cannot be one is answered like any that is not there: 404.
export const NameParams = z.object({ name: z.string().meta({ example: 'gallery' }) })
export const VersionParams = NameParams.extend({ version: z.string().meta({ example: '2' }) })

/** Returns the preset name of the path; the preset need not exist. @throws NOT_FOUND for a malformed name */
export function presetNameOf(name: string): string {
  if (!PresetName.safeParse(name).success) throw appError('NOT_FOUND')
  return name
}

/** Finds a version of the preset of the path, the newest by default. @throws NOT_FOUND */
export async function presetOf(db: Database, projectId: string, name: string, version?: number): Promise<Preset> {
  const preset = PresetName.safeParse(name).success ? await findPreset(db, projectId, name, version) : null
  if (!preset) throw appError('NOT_FOUND', `There is no preset ${version === undefined ? name : `${name}@${version}`}.`)
  return preset
}

/** Selects the assets of the preset of the path, or of the one that the filter names. @throws NOT_FOUND */
export function selectionOf(projectId: string, name: string, filter: BackfillFilter): AssetSelection {
  const from = parsePresetSelector(filter.fromPreset ?? name)
  if (!from) throw appError('NOT_FOUND')
  return { projectId, from, filter }
}
