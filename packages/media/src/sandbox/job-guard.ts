import { aborted, timedOut } from '../errors.ts'
import type { MediaProcess } from './media-process.ts'

interface JobLimits {
  signal: AbortSignal
  /** Wall time, without the time in which it is paused. */
  timeoutMs: number
}

export interface JobGuard {
  /** Until `resume` no time passes for the job. */
  pause(): void
  resume(): void
  release(): void
}

/** Kills the process when the job is called off or takes too long, until it is released. */
export function guardJob(process: Pick<MediaProcess, 'kill'>, { signal, timeoutMs }: JobLimits): JobGuard {
  const abort = () => process.kill(aborted(signal))
  let leftMs = timeoutMs
  let startedMs = 0
  let timer: NodeJS.Timeout | undefined
  const resume = () => {
    startedMs = performance.now()
    timer = setTimeout(() => process.kill(timedOut(timeoutMs)), leftMs)
  }
  resume()
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return {
    pause() {
      clearTimeout(timer)
      leftMs -= performance.now() - startedMs
    },
    resume,
    release() {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    },
  }
}
