import { expect, it } from 'vitest'
import { childCrashed } from '../errors.ts'
import { createIdlePool } from './idle-pool.ts'
import type { MediaProcess } from './media-process.ts'

const retired = () => childCrashed({ reason: 'it was retired' })

/** A pool of processes that do nothing, and all that it started. */
async function openPool(size: number) {
  const started: MediaProcess[] = []
  const start = (): MediaProcess => {
    const gone = Promise.withResolvers<void>()
    let alive = true
    const process: MediaProcess = {
      ready: Promise.resolve(),
      gone: gone.promise,
      get alive() {
        return alive
      },
      folder: '',
      rssBytes: 0,
      peakRssBytes: 0,
      call: async () => undefined,
      rest: () => undefined,
      wake: () => undefined,
      kill() {
        alive = false
        gone.resolve()
      },
    }
    started.push(process)
    return process
  }
  const pool = createIdlePool({ size, start, retired })
  await pool.warm()
  return { pool, started, alive: () => started.filter(process => process.alive).length }
}

it('starts one process, however many there may be', async () => {
  const { alive } = await openPool(8)
  expect(alive()).toBe(1)
})

it('is one process ahead of its jobs until there are as many as may work at once', async () => {
  const { pool, alive } = await openPool(3)
  const taken = [pool.take('a')]
  expect(alive()).toBe(2)
  taken.push(pool.take('a'), pool.take('a'))
  expect(alive()).toBe(3)
  for (const process of taken) pool.giveBack(process, 'a', true)
  expect(alive()).toBe(3)
})

it('starts no other process for one job after the other of one project', async () => {
  const { pool, started } = await openPool(1)
  for (let job = 0; job < 5; job++) pool.giveBack(pool.take('a'), 'a', true)
  expect(started).toHaveLength(1)
})

it('keeps one ready for another project as soon as there are two', async () => {
  const { pool, started, alive } = await openPool(1)
  const first = pool.take('a')
  pool.giveBack(first, 'a', true)
  const second = pool.take('b')
  expect(second).not.toBe(first)
  // That of the first project made room, and the next one is there before anybody asks.
  expect([first.alive, alive()]).toEqual([false, 2])
  pool.giveBack(second, 'b', true)
  expect(pool.take('a')).toBe(started[2])
})

it('replaces one that failed before the next job comes', async () => {
  const { pool, started } = await openPool(1)
  pool.giveBack(pool.take('a'), 'a', false)
  expect(started.map(process => process.alive)).toEqual([false, true])
  expect(pool.take('a')).toBe(started[1])
})
