import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '@darkroom/testing'
import { expect } from 'vitest'

interface Killing {
  kills: number
  seed: number
  /** Of the whole upload. */
  parts: number
  /** How long after the arrival of a part a kill comes, at most. */
  delayMs: number
  timeoutMs: number
  /** Starts a program that uploads, or goes on with it. */
  start(): ChildProcess
  /** Returns how many parts the store has by now. */
  arrivedParts(): Promise<number>
}

/** No kill comes later, because there must be something left to do. */
const LAST_KILL = 0.8

/**
 * Starts a program that uploads a file in parts, kills it and starts it again; moments are chosen by the seed, as a number of parts
 * that have arrived. In the end it runs to its end.
 * @returns how many parts had arrived at each kill
 */
export async function killWhileUploading(killing: Killing): Promise<number[]> {
  const { kills, seed, parts, delayMs, timeoutMs, start, arrivedParts } = killing
  const random = seeded(seed)
  const moments = Array.from({ length: kills }, () => 1 + Math.floor(random() * LAST_KILL * parts)).sort(
    (a, b) => a - b,
  )
  const killedAt: number[] = []
  for (const moment of moments) {
    const child = start()
    const exited = once(child, 'exit')
    await expect.poll(arrivedParts, { timeout: timeoutMs, interval: 50 }).toBeGreaterThanOrEqual(moment)
    await sleep(random() * delayMs)
    child.kill('SIGKILL')
    expect(await exited).toEqual([null, 'SIGKILL'])
    killedAt.push(await arrivedParts())
  }
  expect(await once(start(), 'exit')).toEqual([0, null])
  return killedAt
}
