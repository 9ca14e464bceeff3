import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

/** Work that ends when it is told to. */
function startable(name: string, log: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = async () => {
    log.push(name)
    await promise
  }
  return { work, end: resolve }
}

it('runs so much at once, in order, and leaves out what was aborted while it waited', async () => {
  const log: string[] = []
  const inTurn = createTurns(1)
  const signal = new AbortController().signal
  const stop = new AbortController()
  const [first, second, third] = ['first', 'second', 'third'].map(name => startable(name, log))
  if (!first || !second || !third) throw new Error('three')
  const one = inTurn(first.work, signal)
  const two = inTurn(second.work, stop.signal)
  const three = inTurn(third.work, signal)
  stop.abort(new Error('stopped'))
  await expect(two).rejects.toThrow('stopped')
  expect(log).toEqual(['first'])
  first.end()
  await one
  third.end()
  await three
  expect(log).toEqual(['first', 'third'])
})
