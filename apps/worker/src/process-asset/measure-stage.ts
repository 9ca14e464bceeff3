import { measure, stopwatch } from '@darkroom/core/metrics'
import { withSpan } from '@darkroom/core/tracing'
import type { Run } from '@darkroom/jobs/handler'

/** Runs a stage of processing in a span of its own, and measures how long it takes when it succeeds. */
export async function measureStage<T>(
  { job }: Pick<Run, 'job'>,
  stage: 'download' | 'media' | 'publish',
  work: () => Promise<T>,
): Promise<T> {
  const elapsedSec = stopwatch()
  const result = await withSpan(`stage ${stage}`, {}, work)
  measure('darkroom_stage_duration_seconds', { queue: job.queue, stage }, elapsedSec())
  return result
}
