import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

test('lets through while nothing is in the way', async () => {
  const gate = createGate()
  expect(gate.isOpen()).toBe(true)
  await gate.passed()
})

test('names the plainest of several reasons, and tells of each change', () => {
  const gate = createGate()
  const seen: unknown[] = []
  gate.subscribe(() => seen.push(gate.hold()))
  gate.set('paused', true)
  gate.set('silent', true)
  gate.set('silent', true)
  gate.set('silent', false)
  gate.set('paused', false)
  expect(seen).toEqual(['paused', 'silent', 'paused', null])
})

test('opens when the last thing in the way is gone, as often as it closes', async () => {
  const gate = createGate()
  for (const _ of [1, 2]) {
    let hasPassed = false
    gate.set('offline', true)
    gate.set('keyless', true)
    const passing = gate.passed().then(() => {
      hasPassed = true
    })
    gate.set('offline', false)
    await Promise.resolve()
    expect([hasPassed, gate.isOpen()]).toEqual([false, false])
    gate.set('keyless', false)
    await passing
    expect(gate.isOpen()).toBe(true)
  }
})
