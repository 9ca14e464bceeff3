import { silentLogger } from '@darkroom/core'
import { describe, expect, it, vi } from 'vitest'
import { keepRunning } from './queue-worker.ts'

describe('keepRunning', () => {
  it('starts a loop that ended with an error again, until it ends by itself', async () => {
    const run = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('lost')).mockResolvedValueOnce(undefined)
    await keepRunning({ run }, silentLogger, new AbortController().signal)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('does not start it again once the worker is closing', async () => {
    const stop = new AbortController()
    const run = vi.fn<() => Promise<void>>().mockImplementation(async () => {
      stop.abort()
      throw new Error('lost')
    })
    await keepRunning({ run }, silentLogger, stop.signal)
    expect(run).toHaveBeenCalledTimes(1)
  })
})
