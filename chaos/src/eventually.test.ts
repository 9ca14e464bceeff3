import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { scaledTimeout, untilNone } from './eventually.ts'

it('ends after its time on a machine with nothing else to do', async () => {
  const { isOver } = scaledTimeout(50, () => 1)
  expect(isOver()).toBe(false)
  await sleep(60)
  expect(isOver()).toBe(true)
})

it('waits for as much longer as the machine was slower at its slowest', async () => {
  let slowness = 100
  const { isOver, boundMs } = scaledTimeout(50, () => slowness)
  expect(isOver()).toBe(false)
  slowness = 1
  await sleep(60)
  expect(boundMs()).toBe(5000)
  expect(isOver()).toBe(false)
})

it('answers what is still there when time is up', async () => {
  expect(await untilNone('it goes', async () => ['it'], { withinMs: 1, everyMs: 1 })).toEqual(['it'])
})
