import type { AssetFacts } from '@darkroom/db/operations'
import { at, count, type Rule } from './why.ts'

/** Explains an asset that is deleted. */
export const deleted: Rule = ({ asset }) => {
  if (asset.status !== 'deleted') return null
  const { receipt, deletedAt } = asset
  const removed = receipt
    ? `; ${count(receipt.objects, 'object')} with ${count(receipt.bytes, 'byte')} were removed`
    : ''
  return {
    blockedBy: `The asset was deleted${deletedAt ? ` at ${at(deletedAt)}` : ''}${removed}.`,
    nextAction: 'Nothing to do. A deletion is permanent.',
  }
}

/** Explains an asset that is being deleted. What delays the job of the deletion is explained by the rules of jobs. */
export const deleting =
  (jobRules: Rule): Rule =>
  facts => {
    const { asset } = facts
    if (asset.status !== 'deleting') return null
    const why = secondPass(facts) ?? jobRules(facts)
    const since = asset.deletedAt ? ` since ${at(asset.deletedAt)}` : ''
    return {
      blockedBy: `The asset is being deleted${since}${why?.blockedBy ? `: ${lowerFirst(why.blockedBy)}` : '.'}`,
      nextAction: why?.nextAction ?? 'Nothing to do. It completes automatically.',
    }
  }

function secondPass({ asset, jobs, now }: AssetFacts) {
  const job = jobs.at(-1)
  if (!asset.purgedAt || job?.status !== 'queued' || job.availableAt <= now) return null
  return {
    blockedBy: `The first pass removed its objects at ${at(asset.purgedAt)}. The second pass runs at ${at(job.availableAt)}, when all upload URLs have expired.`,
    nextAction: 'Nothing to do. It completes automatically.',
  }
}

const lowerFirst = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1)
