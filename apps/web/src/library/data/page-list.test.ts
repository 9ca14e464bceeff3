import type { AssetSummary } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { createPageList, PAGE_SIZE } from './page-list.ts'

const settle = () => new Promise(resolve => setTimeout(resolve, 0))

/** A service with so many assets; every page that was asked for is in `asked`. */
function service(count: number) {
  const asked: (string | null)[] = []
  let isBroken = false
  const read = async (cursor: string | null) => {
    asked.push(cursor)
    if (isBroken) throw new Error('no answer')
    const start = Number(cursor ?? 0)
    const end = Math.min(count, start + PAGE_SIZE)
    const items = Array.from({ length: end - start }, (_, n) => ({ id: `a${start + n}`, folder: '' }) as AssetSummary)
    return { items, nextCursor: end < count ? String(end) : null }
  }
  return { asked, read, fail: (broken: boolean) => (isBroken = broken) }
}

async function scroll(list: ReturnType<typeof createPageList>, to: number): Promise<void> {
  for (let at = 0; at <= to; at += 50) {
    list.look(at, at + 50)
    await settle()
  }
}

it('reads a page and the next one, and no more', async () => {
  const { asked, read } = service(1000)
  const list = createPageList(read)
  list.look(0, 20)
  await settle()
  expect(list.get()).toMatchObject({ isComplete: false, isLoading: false, error: null })
  expect(list.get().ids).toHaveLength(PAGE_SIZE)
  list.look(0, 20)
  await settle()
  list.look(0, 20)
  await settle()
  expect(asked).toEqual([null, '200'])
})

it('keeps all ids, and the assets near to what is looked at', async () => {
  const { asked, read } = service(5000)
  const list = createPageList(read)
  await scroll(list, 5000)
  expect(list.get()).toMatchObject({ isComplete: true })
  expect(list.get().ids).toHaveLength(5000)
  expect(list.asset('a4990')).toBeDefined()
  expect(list.asset('a10')).toBeUndefined()
  const before = asked.length
  list.look(0, 20)
  await settle()
  expect(asked.slice(before)).toEqual([null])
  expect(list.asset('a10')).toBeDefined()
  expect(list.get().ids).toHaveLength(5000)
})

it('tells of a failure, and tries again when it is asked to', async () => {
  const { read, fail } = service(10)
  const list = createPageList(read)
  fail(true)
  list.look(0, 20)
  await settle()
  expect(list.get()).toMatchObject({ ids: [], isLoading: false, error: { message: 'no answer' } })
  fail(false)
  list.tryAgain()
  await settle()
  expect(list.get()).toMatchObject({ isComplete: true, error: null })
  expect(list.get().ids).toHaveLength(10)
})

it('hides what is deleted at once, and shows it again', async () => {
  const { read } = service(3)
  const list = createPageList(read)
  list.look(0, 2)
  await settle()
  list.hide(['a1'], true)
  expect(list.get().ids).toEqual(['a0', 'a2'])
  list.hide(['a1'], false)
  expect(list.get().ids).toEqual(['a0', 'a1', 'a2'])
})

it('shows changes before it is read again', async () => {
  const { read } = service(3)
  const list = createPageList(read)
  list.look(0, 2)
  await settle()
  list.patch(new Set(['a1']), asset => ({ ...asset, folder: 'moved' }))
  expect([list.asset('a0')?.folder, list.asset('a1')?.folder]).toEqual(['', 'moved'])
})

it('is read anew from its beginning, without what was asked for before', async () => {
  const { read } = service(1000)
  const more = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `new${n}`, folder: '' }) as AssetSummary)
  let came = 0
  const list = createPageList(async cursor => {
    const page = await read(cursor)
    return cursor === null ? { ...page, items: [...more(came), ...page.items] } : page
  })
  await scroll(list, 500)
  list.hide(['a3'], true)
  came = 2
  list.look(500, 620)
  await list.renew()
  await settle()
  expect(list.get().ids.slice(0, 6)).toEqual(['new0', 'new1', 'a0', 'a1', 'a2', 'a4'])
  expect(list.get()).toMatchObject({ isComplete: false, isLoading: false })
  expect([list.has('a3'), list.has('a500')]).toEqual([true, false])
  await scroll(list, 1000)
  expect(list.get().ids).toHaveLength(1001)
})
