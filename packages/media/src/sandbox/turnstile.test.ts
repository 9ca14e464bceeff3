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
