import type { Database } from '@darkroom/db/client'
import { findPreset } from '@darkroom/db/presets'
import { NO_PROJECT } from '../../auth/principal.ts'

/** Tells whether a project can use a preset of this name; for null, whether the preset is built in. */
export const projectHasPreset = async (db: Database, projectId: string | null, name: string): Promise<boolean> =>
  (await findPreset(db, projectId ?? NO_PROJECT, name)) !== null
