import { measure, stopwatch } from '@darkroom/core/metrics'
import type { Run } from '@darkroom/jobs/handler'

/** Runs a stage of processing, and measures how long it takes when it succeeds. */
export async function measureStage<T>(
  { job }: Pick<Run, 'job'>,
  stage: 'download' | 'media' | 'publish',
  work: () => Promise<T>,
): Promise<T> {
  const elapsedSec = stopwatch()
  const result = await work()
  measure('darkroom_stage_duration_seconds', { queue: job.queue, stage }, elapsedSec())
  return result
}
