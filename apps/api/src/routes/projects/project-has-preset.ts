import type { Database } from '@darkroom/db/client'
import { findPreset } from '@darkroom/db/presets'
import { NO_PROJECT } from '../../auth/principal.ts'

/** Whether a project, or one that has none of its own, can use a preset of this name. */
export const projectHasPreset = async (db: Database, projectId: string | null, name: string): Promise<boolean> =>
  (await findPreset(db, projectId ?? NO_PROJECT, name)) !== null
