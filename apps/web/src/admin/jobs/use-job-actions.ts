import type { AdminJob } from '@darkroom/contracts'
import { useAction } from '../session/use-action.ts'

type NamedJob = Pick<AdminJob, 'id' | 'filename'>

const nameOf = ({ filename }: NamedJob): string => filename ?? 'the job'

/** Requeues a job. */
export const useRequeue = (job: NamedJob) =>
  useAction(
    darkroom => darkroom.admin.jobs.requeue(job.id),
    () => `Requeued ${nameOf(job)}.`,
  )

/** Stops a job for good, until somebody requeues it. */
export const useCancel = (job: NamedJob) =>
  useAction(
    darkroom => darkroom.admin.jobs.cancel(job.id),
    () => `Cancelled the job of ${nameOf(job)}.`,
  )
