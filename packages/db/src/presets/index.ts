export type { Preset } from '../schema/presets.ts'
export { createPresetVersion, findPreset, getPreset, listPresets, listPresetVersions } from './presets.ts'
export {
  deleteOldPreviews,
  deletePreview,
  findFinishedPreview,
  finishPreview,
  PREVIEWS_CHANNEL,
  type PresetPreviewRow,
  requestPreview,
  takePreview,
} from './previews.ts'
