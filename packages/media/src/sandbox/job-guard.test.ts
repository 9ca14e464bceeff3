import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { guardJob } from './job-guard.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const start = (timeoutMs: number, signal = new AbortController().signal) => {
  const kill = vi.fn()
  return { kill, guard: guardJob({ kill }, { signal, timeoutMs }) }
}
const codes = ({ kill }: ReturnType<typeof start>) => kill.mock.calls.map(([error]) => error.code)

it('kills a process when its job has had its time, waits not counted', () => {
  const job = start(1000)
  vi.advanceTimersByTime(600)
  job.guard.pause()
  vi.advanceTimersByTime(60_000)
  job.guard.resume()
  vi.advanceTimersByTime(399)
  expect(codes(job)).toEqual([])
  vi.advanceTimersByTime(1)
  expect(codes(job)).toEqual(['TIMEOUT'])
})

it('kills a process whose job is called off, also while that waits', () => {
  const abort = new AbortController()
  const job = start(1000, abort.signal)
  job.guard.pause()
  abort.abort()
  expect(codes(job)).toEqual(['LEASE_LOST'])
})

it('leaves a process alone whose job is over', () => {
  const abort = new AbortController()
  const job = start(1000, abort.signal)
  job.guard.release()
  abort.abort()
  vi.advanceTimersByTime(2000)
  expect(codes(job)).toEqual([])
})
