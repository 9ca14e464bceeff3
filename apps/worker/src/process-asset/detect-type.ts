import { kindToTry } from '@darkroom/contracts'
import { acceptType } from '@darkroom/ingest'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'
import type { Source } from './source.ts'

/**
 * Decides as which type the file is processed: the declared type, or, where the project wants it, the type that its
 * bytes show. Returns null when the job belongs into the queue of another kind; there it is queued again.
 * @throws UNSUPPORTED_TYPE for a type that the project or the installation does not accept, DECODER_UNAVAILABLE, and
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
