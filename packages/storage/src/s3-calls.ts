import type { S3Client } from '@aws-sdk/client-s3'
import type { Logger } from '@darkroom/core'
import { measure } from '@darkroom/core/metrics'
import { withAttempts } from './attempts.ts'
import type { Target } from './errors.ts'
import { resultOf } from './measure-request.ts'
import { translateS3Error } from './s3-errors.ts'
import type { ResolvedS3StoreConfig } from './s3-store-config.ts'

/** What every operation needs. */
export interface S3Context {
  client: S3Client
  config: ResolvedS3StoreConfig
  logger: Logger
  /** Buckets that answered once, and need not be asked about when an object in them is absent. */
  knownBuckets: Set<string>
}

/** Runs an operation with retries and throws what fails as it came, for callers that look at S3's codes. */
export function attemptS3<T>(
  { config, logger }: S3Context,
  target: Target,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  return withAttempts(
    {
      maxAttempts: config.maxAttempts,
      onRetry: (failure, attempt) => {
        const { status, code } = failure
        measure('darkroom_store_retries_total', { result: resultOf(failure) })
        logger.debug({ ...target, status, code, attempt }, 'store call is retried')
      },
    },
    signal,
    run,
  )
}

/** Runs an operation with retries; what fails is an `AppError` or the reason of the abort. */
export async function callS3<T>(
  context: S3Context,
  target: Target,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await attemptS3(context, target, signal, run)
  } catch (error) {
    throw translateS3Error(error, target, signal)
  }
}
