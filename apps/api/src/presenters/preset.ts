import { PresetDefinition, type Preset as PresetResource } from '@darkroom/contracts'
import type { Preset } from '@darkroom/db/presets'

/** Fields that came to the language later get their defaults. */
export const presentPreset = ({ name, version, projectId, definition, createdAt }: Preset): PresetResource => ({
  name,
  version,
  isBuiltIn: projectId === null,
  definition: PresetDefinition.parse(definition),
  createdAt: createdAt.toISOString(),
})
