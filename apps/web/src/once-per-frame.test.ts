import { expect, test } from 'vitest'
import { oncePerFrame } from './once-per-frame.ts'

test('passes on the last value of each, once a frame', () => {
  const frames: (() => void)[] = []
  const used: [string, number][] = []
  const note = oncePerFrame<number>(
    (id, value) => void used.push([id, value]),
    callback => void frames.push(callback),
  )
  note('a', 1)
  note('b', 1)
  note('a', 2)
  expect([frames.length, used.length]).toEqual([1, 0])
  frames[0]?.()
  expect(used).toEqual([
    ['a', 2],
    ['b', 1],
  ])
  note('a', 3)
  frames[1]?.()
  expect(used.at(-1)).toEqual(['a', 3])
})
