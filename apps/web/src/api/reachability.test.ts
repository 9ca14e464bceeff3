import { DarkroomError } from '@darkroom/sdk'
import { expect, test } from 'vitest'
import { createGate } from './gate.ts'
import { createReachability } from './reachability.ts'

const lost = new DarkroomError({ code: 'NETWORK', message: 'gone' })

/** A service of which a check finds out whether it is there. */
function setUp(isThere: () => boolean) {
  const gate = createGate()
  const checks: string[] = []
  const reachability = createReachability({
    gate,
    async checkService() {
      checks.push('check')
      gate.set('silent', !isThere())
    },
  })
  return { gate, checks, ...reachability }
}

test('an upload goes on at once where nothing is in the way, and after a failure the service is looked at', async () => {
  const { untilReachable, checks } = setUp(() => true)
  const { signal } = new AbortController()
  expect([await untilReachable(signal, null), checks]).toEqual([false, []])
  expect([await untilReachable(signal, lost), checks]).toEqual([false, ['check']])
})

test('an upload waits for the end of an outage, or until it is stopped', async () => {
  const { untilReachable, gate } = setUp(() => false)
  const controller = new AbortController()
  const waiting = untilReachable(controller.signal, lost)
  const stopped = untilReachable(controller.signal, lost).catch(error => error)
  await new Promise(resolve => setTimeout(resolve))
  gate.set('silent', false)
  expect(await waiting).toBe(true)
  gate.set('silent', true)
  const again = untilReachable(controller.signal, null).catch(error => error)
  controller.abort('enough')
  expect(await again).toBe('enough')
  expect(await stopped).toBe(true)
})

test('a call is repeated for as long as an outage explains its failure', async () => {
  let failures = 3
  const { sitOut, gate, checks } = setUp(() => failures === 0)
  const outcome = sitOut(async () => {
    failures -= 1
    if (failures >= 0) throw lost
    return 'done'
  }).catch(error => error)
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise(resolve => setTimeout(resolve))
    gate.set('silent', false)
  }
  expect(await outcome).toBe(lost)
  expect(checks).toHaveLength(3)
  expect(await sitOut(async () => 'done')).toBe('done')
})

test('what the service refuses is not repeated', async () => {
  const { sitOut, checks } = setUp(() => false)
  const refusal = new DarkroomError({ code: 'NOT_FOUND', message: 'no', status: 404 })
  await expect(sitOut(() => Promise.reject(refusal))).rejects.toBe(refusal)
  expect(checks).toEqual([])
})
