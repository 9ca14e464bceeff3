import { appError } from '@darkroom/contracts'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'

/**
 * Keeps contents that killed their process before away from another one. From the second attempt on the job says which
 * bytes it works on before they are decoded: if the whole worker dies of them, the crash still counts against them.
 * @throws QUARANTINED
 */
export async function checkQuarantine({ queries }: WorkerDeps, run: Run, sha256: string): Promise<void> {
  const { job, asset, hasQuarantine } = run
  if (hasQuarantine && (await queries.quarantine(asset.projectId, sha256))) throw appError('QUARANTINED')
  if (job.attempt > 1 && job.sourceSha256 !== sha256) await run.setSource(sha256)
}
