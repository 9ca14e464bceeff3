import type { AdminJob, JobName, JobStatus } from '@darkroom/contracts'
import { humanAgo, humanSpan } from './human-time.ts'

export const STATUS_WORDS: Record<JobStatus, string> = {
  failed: 'Failed',
  running: 'Running',
  queued: 'Queued',
  cancelled: 'Cancelled',
  succeeded: 'Succeeded',
}

export const JOB_NAME_WORDS: Record<JobName, string> = {
  'asset.import': 'Import',
  'asset.process': 'Processing',
  'asset.move': 'Move',
  'asset.delete': 'Deletion',
}

/** Returns a job's name in words; an unknown name unchanged. */
export const jobNameWords = (name: string): string =>
  Object.hasOwn(JOB_NAME_WORDS, name) ? JOB_NAME_WORDS[name as JobName] : name

type Moments = Pick<AdminJob, 'status' | 'attempt' | 'availableAt' | 'queuedAt' | 'startedAt' | 'finishedAt'>

/** Describes how long a job has been in its state: `failed 3 min ago`, `next try in 40 s`. */
export function jobAge(job: Moments, now: number): string {
  const { status, queuedAt, startedAt, finishedAt } = job
  if (status === 'running') return `running for ${humanSpan(now - Date.parse(startedAt ?? queuedAt))}`
  if (status === 'queued') return queuedAge(job, now)
  return `${status} ${humanAgo(finishedAt ?? queuedAt, now)}`
}

function queuedAge({ attempt, availableAt, queuedAt }: Moments, now: number): string {
  const delayMs = Date.parse(availableAt) - now
  if (delayMs > 0) return `${attempt > 0 ? 'next attempt' : 'starts'} in ${humanSpan(delayMs)}`
  return `waiting for ${humanSpan(now - Math.max(Date.parse(availableAt), Date.parse(queuedAt)))}`
}

export const mayRequeue = ({ status }: Pick<AdminJob, 'status'>): boolean =>
  status === 'failed' || status === 'cancelled'

export const mayCancel = ({ status }: Pick<AdminJob, 'status'>): boolean => status === 'queued' || status === 'running'
