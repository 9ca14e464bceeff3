import { measure, stopwatch } from '@darkroom/core/metrics'
import { withSpan } from '@darkroom/core/tracing'
import { readS3Failure, type S3Failure } from './s3-errors.ts'

/** Measures how long a request takes until its response begins, by operation and result, in a span of what asked for it. */
export async function measureRequest<Response>(
  commandName: string | undefined,
  send: () => Promise<Response>,
): Promise<Response> {
  const elapsedSec = stopwatch()
  const operation = commandName?.replace(/Command$/, '') ?? 'unknown'
  const end = (result: string) =>
    measure('darkroom_store_request_duration_seconds', { operation, result }, elapsedSec())
  return withSpan(`store ${operation}`, { kind: 'client', needsParent: true }, async span => {
    try {
      const response = await send()
      end('ok')
      return response
    } catch (error) {
      const isAborted = error instanceof Error && error.name === 'AbortError'
      const result = isAborted ? 'aborted' : resultOf(readS3Failure(error))
      end(result)
      span.fail(result)
      throw error
    }
  })
}

/** Returns the label of a failed request: its HTTP status, or `network` when no response came. */
export const resultOf = ({ status }: Pick<S3Failure, 'status'>): string => (status === 0 ? 'network' : String(status))
