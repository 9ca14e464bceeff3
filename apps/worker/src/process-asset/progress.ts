import { isAppError } from '@darkroom/core'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'

const WRITE_EVERY_MS = 1000

export interface ProgressTracker {
  /** The media process says how far it is. Written at most once a second. */
  report(progress: { value: number; stage: string }): void
  /** One more variant stands; returns how far the job is with it. */
  nextPublished(): number
}

/** Tracks the progress of a run: what the media process reports, or without a report the share of finished variants. */
export function trackProgress(
  { logger }: Pick<WorkerDeps, 'logger'>,
  run: Pick<Run, 'noteProgress' | 'job'>,
  total: number,
): ProgressTracker {
  let published = 0
  let reported: number | null = null
  let writtenAt = performance.now()

  const write = (value: number, stage: string) =>
    run.noteProgress(value, stage).catch(error => {
      // Only news: a lost lease shows where something is published, and the next second brings another value.
      if (!isAppError(error, 'LEASE_LOST'))
        logger.warn({ err: error, jobId: run.job.id }, 'could not store the progress')
    })

  return {
    report({ value, stage }) {
      reported = Math.max(reported ?? 0, value)
      if (performance.now() - writtenAt < WRITE_EVERY_MS) return
      writtenAt = performance.now()
      void write(reported, stage)
    },
    nextPublished() {
      published += 1
      return reported ?? published / total
    },
  }
}
