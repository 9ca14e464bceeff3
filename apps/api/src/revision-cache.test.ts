import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type KnownRevision, RevisionCache } from './revision-cache.ts'

const retryAfterSec = () => 1
const revision = (n: number): KnownRevision => ({ projectId: 'p', revision: n, isSettled: true, retryAfterSec })

function testFeed() {
  const listeners = new Map<string, () => void>()
  return {
    subscribe(id: string, wake: () => void) {
      listeners.set(id, wake)
      return () => void listeners.delete(id)
    },
    wake: (id: string) => listeners.get(id)?.(),
    listeners,
  }
}

const cacheOf = (feed: ReturnType<typeof testFeed>, rows = new Map<string, number>()) =>
  new RevisionCache({
    feed,
    outdatedAmong: async known => [...known].filter(([id, revision]) => rows.get(id) !== revision).map(([id]) => id),
  })

const keep = (cache: RevisionCache, id: string, n: number, meanwhile?: () => void) =>
  cache.keep(
    id,
    async () => {
      meanwhile?.()
      return n
    },
    revision,
  )

describe('the cache of revisions', () => {
  it('knows what was read until the asset changes', async () => {
    const feed = testFeed()
    const cache = cacheOf(feed)
    expect(cache.get('a')).toBeUndefined()
    expect(await keep(cache, 'a', 1)).toBe(1)
    expect(cache.get('a')).toEqual(revision(1))
    feed.wake('a')
    expect(cache.get('a')).toBeUndefined()
  })

  it('does not keep what a change overtook while it was read', async () => {
    const feed = testFeed()
    const cache = cacheOf(feed)
    await keep(cache, 'a', 1, () => feed.wake('a'))
    expect(cache.get('a')).toBeUndefined()
  })

  it('goes by the rows, should a notification be lost, and drops what nobody asks for', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const feed = testFeed()
    const cache = cacheOf(
      feed,
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    )
    await keep(cache, 'a', 1)
    await keep(cache, 'b', 1)
    await vi.advanceTimersByTimeAsync(2000)
    expect([cache.get('a'), cache.get('b')]).toEqual([revision(1), undefined])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(cache.get('a')).toEqual(revision(1))
    await vi.advanceTimersByTimeAsync(62_000)
    expect([cache.get('a'), feed.listeners.size]).toEqual([undefined, 0])
    cache.close()
  })

  it('does not listen for what is not there', async () => {
    const feed = testFeed()
    const cache = cacheOf(feed)
    const missing = async () => {
      throw new Error('not there')
    }
    await expect(cache.keep('a', missing, revision)).rejects.toThrow('not there')
    expect(feed.listeners.size).toBe(0)
  })

  it('keeps so many, and listens for no more', async () => {
    const feed = testFeed()
    const cache = cacheOf(feed)
    for (let n = 0; n < 20_010; n++) await keep(cache, String(n), n)
    expect(feed.listeners.size).toBe(20_000)
    expect(cache.get('9')).toBeUndefined()
    expect(cache.get('10')).toBeDefined()
  })
})
