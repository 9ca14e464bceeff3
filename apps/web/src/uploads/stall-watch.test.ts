import { expect, test } from 'vitest'
import { testItem } from '../testing/test-item.ts'
import { createStallWatch } from './stall-watch.ts'
import { createUploadStore } from './upload-store.ts'

function setUp() {
  const uploads = createUploadStore()
  let nowMs = 0
  let stalls = 0
  const watch = createStallWatch({ uploads, now: () => nowMs, onStall: () => void stalls++ })
  uploads.add([testItem({ phase: 'sending', sentBytes: 3 })])
  return {
    uploads,
    stalls: () => stalls,
    after(ms: number) {
      nowMs += ms
      watch.look()
      return uploads.get('i1')?.isStalled
    },
  }
}

test('marks a file of which no byte moves, once, until one does', () => {
  const { uploads, stalls, after } = setUp()
  expect([after(0), after(2000), after(1000), after(1000)]).toEqual([false, false, true, true])
  expect(stalls()).toBe(1)
  uploads.apply('i1', { type: 'progressed', sentBytes: 4 })
  expect([after(1000), after(1000)]).toEqual([false, false])
  expect(after(2000)).toBe(true)
  expect(stalls()).toBe(2)
})

test('leaves one that moves, or of which all is sent, as it is', () => {
  const { uploads, after } = setUp()
  for (let sentBytes = 4; sentBytes <= 10; sentBytes += 1) {
    uploads.apply('i1', { type: 'progressed', sentBytes })
    expect(after(2000)).toBe(false)
  }
  expect(after(60_000)).toBe(false)
})
