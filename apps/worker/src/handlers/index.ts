import { isJobName, type JobName } from '@darkroom/contracts'
import { deleteAsset } from './delete-asset.ts'
import type { Handler } from './handler.ts'
import { importAsset } from './import-asset.ts'
import { moveAsset } from './move-asset.ts'
import { processAsset } from './process-asset.ts'

const HANDLERS: Record<JobName, Handler> = {
  'asset.import': importAsset,
  'asset.process': processAsset,
  'asset.move': moveAsset,
  'asset.delete': deleteAsset,
}

/** The handler of a job that was claimed; a claim takes only jobs whose names this version knows. */
export function handlerOf(name: string): Handler {
  if (!isJobName(name)) throw new Error(`there is no handler for the job ${name}`)
  return HANDLERS[name]
}
