import { type Correlation, correlation } from '@darkroom/core'
import { formatTraceparent, parseTraceparent } from '@darkroom/core/tracing'
import type { JobRow } from '../schema/index.ts'

/** What a job keeps of the work that caused it. */
export type JobCause = Pick<JobRow, 'requestId' | 'traceparent'>

/** Returns the cause of a job that is created now. */
export function causeOfJob(): JobCause {
  const { requestId = null, trace } = correlation()
  return { requestId, traceparent: trace ? formatTraceparent(trace) : null }
}

/** Returns what the work of a job belongs to. */
export const correlationOf = ({
  id,
  assetId,
  requestId,
  traceparent,
}: Pick<JobRow, 'id' | 'assetId' | 'requestId' | 'traceparent'>): Correlation => ({
  ...(requestId !== null && { requestId }),
  jobId: id,
  ...(assetId !== null && { assetId }),
  trace: parseTraceparent(traceparent) ?? undefined,
})
