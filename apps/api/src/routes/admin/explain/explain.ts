import type { AssetFacts } from '@darkroom/db/operations'
import { deleted, deleting } from './deletion-rules.ts'
import { activeJob } from './job-rules.ts'
import { failed, forgotten, missingVariants, partial, quarantined, ready } from './settled-rules.ts'
import { awaitingUpload, expired } from './upload-rules.ts'
import type { Rule, Why } from './why.ts'

/** In this order; the last one knows an answer to everything. */
const RULES: Rule[] = [
  deleted,
  deleting(activeOrEndedJob),
  expired,
  awaitingUpload,
  reprocessing,
  activeJob,
  quarantined,
  failed,
  forgotten,
  partial,
  ready,
]

/** Explains in one precise sentence why an asset is not ready, and what comes next. */
export function explain(facts: AssetFacts): Why {
  for (const rule of RULES) {
    const why = rule(facts)
    if (why) return why
  }
  throw new Error(`no rule explains asset ${facts.asset.id}`)
}

/** Explains an asset that is processed again. Its published variants stay published. */
function reprocessing(facts: AssetFacts): Why | null {
  if (facts.asset.status !== 'ready' && facts.asset.status !== 'partial') return null
  const why = activeJob(facts)
  if (!why) return null
  const missing = missingVariants(facts)
  return {
    blockedBy: missing ? `It is published without ${missing}. ${why.blockedBy}` : why.blockedBy,
    nextAction: `Published variants stay available. ${why.nextAction}`,
  }
}

function activeOrEndedJob(facts: AssetFacts): Why | null {
  const job = facts.jobs.at(-1)
  if (job?.status !== 'failed' && job?.status !== 'cancelled') return activeJob(facts)
  return {
    blockedBy: `The deletion job is ${job.status}${job.error ? ` with ${job.error.code}` : ''}.`,
    nextAction: `Requeue it: \`npx darkroom jobs requeue ${job.id}\`.`,
  }
}
