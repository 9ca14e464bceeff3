import { errorEntry, type ResourceError } from '@darkroom/contracts'
import type { AssetFacts } from '@darkroom/db/operations'
import { at, type Rule } from './why.ts'

/** A content that is kept back, as the reason why an asset has failed. */
export const quarantined: Rule = ({ asset, quarantine }) => {
  if (asset.status !== 'failed' || !quarantine) return null
  const where = quarantine.projectId === null ? ' in all projects' : ''
  return {
    blockedBy: `The content is in quarantine${where} since ${at(quarantine.createdAt)}: ${quarantine.reason}`,
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
    return 'The URL that it was imported from is forgotten, so the owner has to import it again.'
  if (!hasSource || !job) return 'The source is gone, so the owner has to upload the file again.'
  const until = asset.sourceExpiresAt ? ` until ${at(asset.sourceExpiresAt)}, when its source goes` : ''
  return `It can be requeued${until}: \`npx darkroom jobs requeue ${job.id}\`.`
}

/** A job that ended although the asset still waits for it: nothing that we know of leads here. */
export const forgotten: Rule = ({ asset, jobs }) => {
  if (asset.status !== 'processing') return null
  const job = jobs.at(-1)
  return {
    blockedBy: job ? `Its job is ${job.status}, and no other was made.` : 'It has no job.',
    nextAction: job ? `Start it again: \`npx darkroom jobs requeue ${job.id}\`.` : 'A bug: report it.',
  }
}

/** The variants that could not be made, or not anew, and why: in words, none of it when there are none. */
export const missingVariants = ({ variants }: Pick<AssetFacts, 'variants'>): string =>
  variants
    .filter(({ status, error }) => status === 'failed' || error !== null)
    .map(({ name, error }) => (error ? `${name} (${error.code})` : name))
    .join(', ')

export const partial: Rule = ({ asset, variants, jobs }) => {
  if (asset.status !== 'partial') return null
  return {
    blockedBy: `It is published, but for variants that could not be made: ${missingVariants({ variants })}.`,
    nextAction: lastFailure(jobs) ?? `To try them again: \`POST /v1/assets/${asset.id}/reprocess\`.`,
  }
}

export const ready: Rule = ({ asset, jobs }) => ({
  blockedBy: null,
  nextAction: lastFailure(jobs) ?? (asset.status === 'ready' ? 'Nothing to do.' : 'Nothing is known to be in the way.'),
})

/** What is published stays so when it is processed again in vain. */
function lastFailure(jobs: { id: string; status: string; error: ResourceError | null }[]): string | null {
  const job = jobs.at(-1)
  if ((job?.status !== 'failed' && job?.status !== 'cancelled') || !job.error) return null
  const { code } = job.error
  return `What was published stays; processing it again ended with ${code}. ${errorEntry(code).admin} \`npx darkroom jobs requeue ${job.id}\`.`
}
