import { silentLogger } from '@darkroom/core'
import type { CheckResult } from '@darkroom/core/checks'
import { describe, expect, it } from 'vitest'
import { createBackgroundChecks, type RunChecks } from './background-checks.ts'

const FINE: CheckResult = {
  id: 'store.clock',
  title: 'the clock agrees',
  state: 'ok',
  seen: '0 s',
  isRepairable: false,
}
const FAULT: CheckResult = {
  id: 'cors.upload',
  title: 'a page may upload',
  state: 'fault',
  seen: 'it may not',
  isRepairable: true,
}

function setUp(run: RunChecks) {
  const clock = { ms: 0, now: () => new Date(clock.ms) }
  return { clock, checks: createBackgroundChecks(run, { clock, logger: silentLogger }) }
}

/** Lets everything that is ready go on. */
const settle = () => new Promise(resolve => setImmediate(resolve))

describe('checks in the background', () => {
  it('run when somebody looks, and once in ten minutes however many look', async () => {
    let runs = 0
    const { clock, checks } = setUp(async () => {
      runs++
      return [FINE]
    })
    expect(runs).toBe(0)
    expect(checks.read()).toEqual({ checkedAt: null, isRunning: true, results: [] })
    checks.read()
    await settle()
    expect(checks.read()).toEqual({ checkedAt: new Date(0), isRunning: false, results: [FINE] })
    clock.ms = 10 * 60_000 - 1
    expect(checks.read().isRunning).toBe(false)
    clock.ms = 10 * 60_000
    // The last results are there while it runs again.
    expect(checks.read()).toEqual({ checkedAt: new Date(0), isRunning: true, results: [FINE] })
    await settle()
    expect(checks.read().checkedAt).toEqual(new Date(clock.ms))
    expect(runs).toBe(2)
  })

  it('run again after a minute while something is amiss, so that a repair shows soon', async () => {
    let found = [FINE, FAULT]
    const { clock, checks } = setUp(async () => found)
    checks.read()
    await settle()
    found = [FINE]
    clock.ms = 60_000 - 1
    expect(checks.read()).toMatchObject({ isRunning: false, results: [FINE, FAULT] })
    clock.ms = 60_000
    expect(checks.read().isRunning).toBe(true)
    await settle()
    expect(checks.read().results).toEqual([FINE])
  })

  it('keep the last results when a run fails', async () => {
    let isBroken = false
    const { clock, checks } = setUp(async () => {
      if (isBroken) throw new Error('out of sockets')
      return [FAULT]
    })
    checks.read()
    await settle()
    isBroken = true
    clock.ms = 10 * 60_000
    checks.read()
    await settle()
    expect(checks.read()).toEqual({ checkedAt: new Date(0), isRunning: false, results: [FAULT] })
  })

  it('end with the API: the check that runs is waited for, and no other begins', async () => {
    const looking = Promise.withResolvers<void>()
    let looked = 0
    const { checks } = setUp(async isOver => {
      for (const _ of ['one', 'two']) {
        if (isOver()) break
        looked++
        await looking.promise
      }
      return []
    })
    checks.read()
    const closed = checks.close()
    looking.resolve()
    await closed
    expect(looked).toBe(1)
    expect(checks.read()).toEqual({ checkedAt: null, isRunning: false, results: [] })
  })
})
