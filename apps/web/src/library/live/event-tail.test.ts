import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEventTail, type EventTailAnswer, type Happened } from './event-tail.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const answer = (nextCursor: string, types: string[] = [], hasMore = false): EventTailAnswer => ({
  items: types.map(type => ({ type, data: {} })),
  nextCursor,
  hasMore,
})

function setUp(answers: (EventTailAnswer | Error)[], isVisible = true) {
  const asked: string[] = []
  const heard: (string[] | 'everything')[] = []
  const page = { isVisible }
  const tail = createEventTail({
    mayRead: () => page.isVisible,
    async read(after) {
      asked.push(after)
      const next = answers.shift() ?? answer(after)
      if (next instanceof Error) throw next
      return next
    },
  })
  const typesOf = (happened: Happened) => (happened === 'everything' ? happened : happened.map(({ type }) => type))
  tail.subscribe(happened => void heard.push(typesOf(happened)))
  tail.start()
  return { asked, heard, page, tail }
}

it('begins with what happens from now on, and goes on from there', async () => {
  const { asked, heard } = setUp([answer('a'), answer('b', ['asset.created']), answer('c')])
  await vi.advanceTimersByTimeAsync(6000)
  expect(asked).toEqual(['latest', 'a', 'b'])
  expect(heard).toEqual([['asset.created']])
})

it('asks less often while nothing happens, and at once for more', async () => {
  const { asked } = setUp([answer('a'), answer('b', ['asset.ready'], true), answer('c', ['asset.ready'])])
  await vi.advanceTimersByTimeAsync(2500)
  expect(asked).toEqual(['latest', 'a', 'b'])
  await vi.advanceTimersByTimeAsync(60_000)
  const before = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length - before).toBe(12)
})

it('asks nothing while the tab is hidden, and goes on when it is back', async () => {
  const { asked, heard, page, tail } = setUp([answer('a'), answer('b', ['asset.ready'])])
  await vi.advanceTimersByTimeAsync(0)
  page.isVisible = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual(['latest'])
  page.isVisible = true
  tail.nudge()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(['latest', 'a'])
  expect(heard).toEqual([['asset.ready']])
})

it('tells that everything may have changed when it missed something', async () => {
  const full = Array.from({ length: 5 }, (_, n) => answer(`${n}`, ['asset.ready'], true))
  const { heard } = setUp([answer('a'), ...full, answer('z')])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(heard.at(-1)).toBe('everything')

  const refused = Object.assign(new Error('foreign cursor'), { status: 400 })
  const restored = setUp([answer('a'), refused, answer('b')])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(restored.asked.slice(0, 3)).toEqual(['latest', 'a', 'latest'])
  expect(restored.heard).toEqual(['everything'])
})

it('holds nobody up who waits for its beginning', async () => {
  const hidden = setUp([answer('a')], false)
  await hidden.tail.begun
  hidden.page.isVisible = true
  hidden.tail.nudge()
  await vi.advanceTimersByTimeAsync(0)
  expect(hidden.heard).toEqual(['everything'])
  const failing = setUp([new Error('no answer'), answer('a')])
  await failing.tail.begun
  await vi.advanceTimersByTimeAsync(10_000)
  expect(failing.heard).toEqual(['everything'])
})
