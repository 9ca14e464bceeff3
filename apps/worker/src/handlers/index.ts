import { JOB_NAMES, type JobName } from '@darkroom/contracts'
import { deleteAsset } from './delete-asset.ts'
import type { Handler } from './handler.ts'
import { processAsset } from './process-asset.ts'

const HANDLERS: Record<JobName, Handler> = {
  'asset.process': processAsset,
  'asset.delete': deleteAsset,
}

const isJobName = (name: string): name is JobName => JOB_NAMES.some(job => job === name)

/** The handler of a job; null for a job of a newer version, which must be left to a newer worker. */
export const handlerOf = (name: string): Handler | null => (isJobName(name) ? HANDLERS[name] : null)
