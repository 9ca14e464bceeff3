import type { Handlers } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'
import { deleteAsset } from './delete-asset.ts'
import { importAsset } from './import-asset.ts'
import { moveAsset } from './move-asset.ts'
import { processAsset } from './process-asset.ts'

/** Creates what does the jobs of each name. */
export const createHandlers = (deps: WorkerDeps): Handlers => ({
  'asset.import': importAsset(deps),
  'asset.process': processAsset(deps),
  'asset.move': moveAsset(deps),
  'asset.delete': deleteAsset(deps),
})
