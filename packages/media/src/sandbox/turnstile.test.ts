import { expect, it } from 'vitest'
import { turnstile } from './turnstile.ts'

const failure = () => new Error('aborted')
const never = new AbortController().signal

it('lets those who wait in one by one, in their order', async () => {
  const gate = turnstile(1)
  const order: string[] = []
  await gate.enter(never, failure)
  const waiting = ['a', 'b', 'c'].map(async name => {
    await gate.enter(never, failure)
    order.push(name)
    gate.leave()
  })
  expect(order).toEqual([])
  gate.leave()
  await Promise.all(waiting)
  expect(order).toEqual(['a', 'b', 'c'])
  expect(gate.inside).toBe(0)
})

it('forgets who gave up, and turns the others away when it closes', async () => {
  const gate = turnstile(1)
  const gaveUp = new AbortController()
  await gate.enter(never, failure)
  const first = gate.enter(gaveUp.signal, failure)
  const second = gate.enter(never, failure)
  gaveUp.abort()
  await expect(first).rejects.toThrow('aborted')
  gate.close(new Error('closed'))
  await expect(second).rejects.toThrow('closed')
  await expect(gate.enter(never, failure)).rejects.toThrow('closed')
})

it('has a place beyond its size for one reserved caller, who waits for nobody', async () => {
  const gate = turnstile(1)
  await gate.enter(never, failure)
  await gate.enter(never, failure, true)
  expect(gate.inside).toBe(2)
  let second = false
  const waiting = gate.enter(never, failure, true).then(() => {
    second = true
  })
  await Promise.resolve()
  expect(second).toBe(false)
  gate.leave(true)
  await waiting
  expect(gate.inside).toBe(2)
})

it('lets the others in only when no more work than its size, a reserved caller included', async () => {
  const gate = turnstile(2)
  await gate.enter(never, failure)
  await gate.enter(never, failure, true)
  const order: string[] = []
  const shared = gate.enter(never, failure).then(() => order.push('shared'))
  await Promise.resolve()
  expect(order).toEqual([])
  gate.leave(true)
  await shared
  expect(gate.inside).toBe(2)
})

it('always has a place for the others, so that no stream of reserved callers holds them up', async () => {
  const gate = turnstile(1)
  await gate.enter(never, failure, true)
  await gate.enter(never, failure)
  expect(gate.inside).toBe(2)
})
