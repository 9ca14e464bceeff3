import { type Logger, silentLogger } from '@darkroom/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createErrorLog } from './error-log.ts'

describe('createErrorLog', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('logs a message once in ten seconds, then with the number of those left out', () => {
    const warn = vi.fn()
    const log = createErrorLog({ ...silentLogger, warn } as unknown as Logger, 'redis')
    const refused = new Error('connect ECONNREFUSED')
    for (let i = 0; i < 50; i++) log(refused)
    log(new Error('another'))
    expect(warn).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(10_000)
    log(refused)
    expect(warn).toHaveBeenLastCalledWith({ err: refused, backend: 'redis', leftOut: 49 }, expect.any(String))
  })
})
