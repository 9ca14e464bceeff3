import { errorEntry, type ResourceError } from '@darkroom/contracts'
import type { AssetFacts } from '@darkroom/db/operations'
import { at, type Rule } from './why.ts'

/** Explains an asset that failed because its content is in quarantine. */
export const quarantined: Rule = ({ asset, quarantine }) => {
  if (asset.status !== 'failed' || !quarantine) return null
  const where = quarantine.projectId === null ? ' in all projects' : ''
  return {
    blockedBy: `The file has been in quarantine${where} since ${at(quarantine.createdAt)}: ${quarantine.reason}`,
    nextAction: `${errorEntry('QUARANTINED').admin} \`npx darkroom quarantine release ${quarantine.id}\`.`,
  }
}

export const failed: Rule = facts => {
  const { asset } = facts
  if (asset.status !== 'failed') return null
  const { error } = asset
  return {
    blockedBy: error ? `Failed with ${error.code}: ${error.message}` : 'Failed; the reason was not recorded.',
    nextAction: `${error ? `${errorEntry(error.code).admin} ` : ''}${requeueHint(facts)}`,
  }
}

function requeueHint({ asset, jobs, hasSource, import: imported }: AssetFacts): string {
  const job = jobs.at(-1)
  if (imported && !hasSource)
    return 'The URL of the import is no longer stored, so the owner has to import the file again.'
  if (!hasSource || !job) return 'The source no longer exists, so the owner has to upload the file again.'
  const until = asset.sourceExpiresAt ? ` until ${at(asset.sourceExpiresAt)}, when its source is deleted` : ''
  return `It can be requeued${until}: \`npx darkroom jobs requeue ${job.id}\`.`
}

/** Explains a job that ended although the asset still waits for it. No known path leads to this state. */
export const forgotten: Rule = ({ asset, jobs }) => {
  if (asset.status !== 'processing') return null
  const job = jobs.at(-1)
  return {
    blockedBy: job ? `Its job is ${job.status}, and there is no other job.` : 'It has no job.',
    nextAction: job ? `Requeue it: \`npx darkroom jobs requeue ${job.id}\`.` : 'This is a bug. Report it.',
  }
}

/** Lists in words the variants that could not be made, or not made again, and why; '' when there are none. */
export const missingVariants = ({ variants }: Pick<AssetFacts, 'variants'>): string =>
  variants
    .filter(({ status, error }) => status === 'failed' || error !== null)
    .map(({ name, error }) => (error ? `${name} (${error.code})` : name))
    .join(', ')

export const partial: Rule = ({ asset, variants, jobs }) => {
  if (asset.status !== 'partial') return null
  return {
    blockedBy: `It is published, except for variants that could not be made: ${missingVariants({ variants })}.`,
    nextAction: lastFailure(jobs) ?? `To retry them: \`POST /v1/assets/${asset.id}/reprocess\`.`,
  }
}

export const ready: Rule = ({ asset, jobs }) => ({
  blockedBy: null,
  nextAction: lastFailure(jobs) ?? (asset.status === 'ready' ? 'Nothing to do.' : 'No problem is known.'),
})

/** Describes the last failure. Published variants stay published when a later run fails. */
function lastFailure(jobs: { id: string; status: string; error: ResourceError | null }[]): string | null {
  const job = jobs.at(-1)
  if ((job?.status !== 'failed' && job?.status !== 'cancelled') || !job.error) return null
  const { code } = job.error
  return `Published variants stay available. Reprocessing failed with ${code}. ${errorEntry(code).admin} To retry: \`npx darkroom jobs requeue ${job.id}\`.`
}
