export type { Preset } from '../schema/presets.ts'
export { createPresetVersion, findPreset, getPreset, listPresets, listPresetVersions } from './presets.ts'
