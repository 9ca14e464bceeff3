import { kindToTry } from '@darkroom/contracts'
import { acceptType } from '@darkroom/ingest'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'
import type { Source } from './source.ts'

/**
 * What the file is to be worked on as: what was declared, or, where the project has it so, what its bytes say. Null when the
 * job belongs into the queue of another kind, where it goes when it is put back in line.
 * @throws UNSUPPORTED_TYPE when it is of a type that the project or the installation does not take, DECODER_UNAVAILABLE, and
 * what `MediaChild.detectType` throws
 */
export async function detectType(
  deps: WorkerDeps,
  { asset, job, signal, adoptDetectedType }: Run,
  { file, upload, rules }: Source,
): Promise<string | null> {
  const declaredType = upload.contentType
  if (!rules.detectTypeByContent) return declaredType
  const { pool, queries, settings, importLimits } = deps
  // Nothing is decoded, so that a process for images will do.
  const options = {
    projectId: asset.projectId,
    signal,
    timeoutMs: settings.timeoutMs.image,
    isReserved: job.isReserved,
  }
  const contentType = await pool.withChild(options, child => child.detectType({ file, declaredType }))
  if (contentType === declaredType) return contentType
  const unavailable = await queries.unavailableKinds()
  acceptType(contentType, { acceptsSvg: importLimits.acceptsSvg, unavailable, allowedTypes: rules.allowedTypes })
  const [before, queue] = [kindToTry(declaredType), kindToTry(contentType)]
  await adoptDetectedType({ contentType, queue: before === queue ? null : queue })
  return before === queue ? contentType : null
}
