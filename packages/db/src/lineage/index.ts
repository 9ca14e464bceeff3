export {
  findLineageBehind,
  type LineageCursor,
  moveLineageCursor,
  type ProjectBehind,
  readChangedAssets,
} from './changed-assets.ts'
export { importManifests, prepareRebuild, type RebuiltManifest } from './import-manifests.ts'
export { beginManifest, type ManifestRows, publishManifest, type StartedManifest } from './manifests.ts'
export { allObjects, isStillLive, sampleObjects } from './sample-objects.ts'
