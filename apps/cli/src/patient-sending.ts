import { setTimeout as sleep } from 'node:timers/promises'
import { DarkroomError } from '@darkroom/sdk'
import { isPassing } from './sdk-client.ts'

/** A network that is away for longer ends the run, which can go on later. */
const MAX_FAILURES = 8
const MAX_WAIT_SEC = 30
/** Who asks for a longer wait is not waited for: a person would not know why nothing happens. */
const MAX_ASKED_SEC = 600

/** Creates what sends a request and repeats it while the service is busy or away. All wait when it asks one to. */
export function createPatientSending(signal: AbortSignal): <T>(request: () => Promise<T>) => Promise<T> {
  let resumeAt = 0
  return async request => {
    for (let failures = 0; ; ) {
      const waitMs = resumeAt - performance.now()
      if (waitMs > 0) await sleep(waitMs, undefined, { signal })
      try {
        return await request()
      } catch (error) {
        if (!(error instanceof DarkroomError) || !isPassing(error)) throw error
        // At its rate a long list takes long; that is no failure.
        if (error.status !== 429) failures += 1
        if (failures === MAX_FAILURES || (error.retryAfter ?? 0) > MAX_ASKED_SEC) throw error
        const seconds = error.retryAfter ?? Math.min(MAX_WAIT_SEC, 2 ** failures)
        resumeAt = Math.max(resumeAt, performance.now() + 1000 * seconds)
      }
    }
  }
}
