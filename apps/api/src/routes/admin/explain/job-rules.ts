import { errorEntry } from '@darkroom/contracts'
import type { JobRow } from '@darkroom/db/jobs'
import type { AssetFacts } from '@darkroom/db/operations'
import { at, count, type Rule, type Why } from './why.ts'

type JobRule = (job: JobRow, facts: AssetFacts) => Why | null

/** In the order in which they keep a job from running. */
const QUEUED_RULES: JobRule[] = [projectClosed, paused, withoutWorker, withoutAttempts, backingOff, dispatched, queued]

/** Explains where the newest job of an asset runs, or what it waits for. */
export const activeJob: Rule = facts => {
  const job = facts.jobs.at(-1)
  if (job?.status === 'running') return running(job, facts)
  if (job?.status !== 'queued') return null
  return firstOf(QUEUED_RULES, job, facts)
}

function firstOf(rules: JobRule[], job: JobRow, facts: AssetFacts): Why | null {
  for (const rule of rules) {
    const why = rule(job, facts)
    if (why) return why
  }
  return null
}

/** Deletions run all the same, and jobs that were dispatched before are not called back. */
function projectClosed({ queue, projectId, dispatchedAt }: JobRow, { projectDeletesAt, now }: AssetFacts): Why | null {
  if (!projectDeletesAt || queue === 'system' || dispatchedAt) return null
  if (projectDeletesAt <= now) {
    return {
      blockedBy: `The project has been in deletion since ${at(projectDeletesAt)}. No new jobs of it are started.`,
      nextAction: 'Nothing to do. The asset is deleted with the project.',
    }
  }
  return {
    blockedBy: `The project is closed and will be deleted at ${at(projectDeletesAt)}. Until then its jobs wait.`,
    nextAction: `To continue the job, an operator has to restore the project: \`npx darkroom projects restore ${projectId}\`.`,
  }
}

function paused({ queue }: JobRow, facts: AssetFacts): Why | null {
  const state = facts.queue?.state
  if (!state?.pausedAt) return null
  const since = `The queue ${queue} has been paused since ${at(state.pausedAt)}`
  if (state.pausedBy === 'alarm') {
    const code = /[A-Z][A-Z_]+/.exec(state.reason ?? '')?.[0] ?? ''
    return {
      blockedBy: `${since} by alarm ${state.reason}.`,
      nextAction: `${errorEntry(code).admin} Then: \`npx darkroom queues resume ${queue}\`.`,
    }
  }
  return {
    blockedBy: `${since} by an operator${state.reason ? `: ${state.reason}` : ''}.`.replace(/\.\.$/, '.'),
    nextAction: `An operator can resume it: \`npx darkroom queues resume ${queue}\`.`,
  }
}

function withoutWorker({ queue }: JobRow, facts: AssetFacts): Why | null {
  if (!facts.queue || facts.queue.livingWorkers > 0) return null
  return {
    blockedBy: `No live worker serves the queue ${queue}.`,
    nextAction: `Start a worker whose \`WORKER_QUEUES\` includes ${queue}. The job then starts automatically.`,
  }
}

function withoutAttempts({ id, attempt, maxAttempts }: JobRow): Why | null {
  if (attempt < maxAttempts) return null
  return {
    blockedBy: `The job is waiting, but all ${count(maxAttempts, 'attempt')} are used up.`,
    nextAction: `Give it new attempts: \`npx darkroom jobs requeue ${id}\`.`,
  }
}

function backingOff({ id, attempt, maxAttempts, availableAt, error }: JobRow, { now }: AssetFacts): Why | null {
  if (availableAt <= now) return null
  const after = error ? ` after ${error.code}` : ''
  return {
    blockedBy: `Waiting until ${at(availableAt)} for attempt ${attempt + 1} of ${maxAttempts}${after}.`,
    nextAction: `It is retried automatically. To retry now: \`npx darkroom jobs requeue ${id}\`.${error ? ` ${errorEntry(error.code).admin}` : ''}`,
  }
}

function dispatched({ queue, dispatchedAt }: JobRow): Why | null {
  if (!dispatchedAt) return null
  return {
    blockedBy: `Dispatched at ${at(dispatchedAt)}. No worker of the queue ${queue} has a free slot yet.`,
    nextAction: 'Nothing to do. It starts automatically, and is dispatched again if the queue has lost it.',
  }
}

function queued({ queue, lane }: JobRow, facts: AssetFacts): Why | null {
  const ahead = facts.queue?.jobsAhead ?? 0
  return {
    blockedBy: `Queued behind ${count(ahead, 'job')} in the queue ${queue}, lane ${lane}.`,
    nextAction:
      ahead === 0
        ? 'Nothing to do. It is dispatched within seconds.'
        : `Nothing to do. It starts automatically. More workers of the queue ${queue} would start it sooner.`,
  }
}

function running(job: JobRow, { attempts, now }: AssetFacts): Why {
  const run = attempts.findLast(attempt => attempt.jobId === job.id && attempt.finishedAt === null)
  const where = run ? ` on host ${run.host} since ${at(run.startedAt)}` : ''
  if (job.leaseUntil && job.leaseUntil < now) {
    return {
      blockedBy: `The worker that ran it${where} has not responded since its lease expired at ${at(job.leaseUntil)}.`,
      nextAction: `Nothing to do. Another worker takes over within seconds. If not: \`npx darkroom jobs requeue ${job.id}\`.`,
    }
  }
  const stage = job.stage ? ` at stage ${job.stage}` : ''
  return {
    blockedBy: `Running${where}${stage} (attempt ${job.attempt} of ${job.maxAttempts}).`,
    nextAction: `Nothing to do. To stop it: \`npx darkroom jobs cancel ${job.id}\`.`,
  }
}
