import { appError } from '@darkroom/contracts'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from './deps.ts'

/**
 * Keeps out what was taken down. Asked before the bytes are decoded, and again when the row says which they are: either
 * this sees a takedown that comes meanwhile, or the takedown sees this asset among the copies.
 * @throws CONTENT_BLOCKED
 */
export async function checkBlocked({ queries }: WorkerDeps, { asset }: Run, sha256: string): Promise<void> {
  if (await queries.isBlocked(asset.projectId, sha256)) throw appError('CONTENT_BLOCKED')
}
