import { AUTH_CACHE_MS } from '@darkroom/db/projects'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Found, ReadCache } from './read-cache.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Answers with what is in `row` when it is asked, after `tookMs`. */
function testReads() {
  const reads = new ReadCache<string>()
  const state = { row: 'old' as string | null, remainingMs: null as number | null, tookMs: 0, asked: 0 }
  const find = async (): Promise<Found<string> | null> => {
    state.asked += 1
    const { row, remainingMs } = state
    if (state.tookMs > 0) await new Promise(resolve => setTimeout(resolve, state.tookMs))
    return row === null ? null : { value: row, remainingMs }
  }
  return { state, get: (key = 'k') => reads.get(key, find) }
}

describe('what was read a moment ago', () => {
  it('is not read again, also by those who ask while it is being read', async () => {
    const { state, get } = testReads()
    expect(await Promise.all([get(), get(), get()])).toEqual(['old', 'old', 'old'])
    vi.advanceTimersByTime(AUTH_CACHE_MS - 1)
    await get()
    expect(state.asked).toBe(1)
    await get('another')
    expect(state.asked).toBe(2)
  })

  it('is read again once it may no longer be trusted', async () => {
    const { state, get } = testReads()
    await get()
    state.row = 'new'
    vi.advanceTimersByTime(AUTH_CACHE_MS)
    expect(await get()).toBe('new')
  })

  it('is as old as its question, however late the answer came', async () => {
    const { state, get } = testReads()
    state.tookMs = 10 * AUTH_CACHE_MS
    const slow = get()
    vi.advanceTimersByTime(AUTH_CACHE_MS)
    Object.assign(state, { row: 'new', tookMs: 0 })
    expect(await get()).toBe('new')
    vi.advanceTimersByTime(10 * AUTH_CACHE_MS)
    expect(await slow).toBe('old')
    expect(state.asked).toBe(2)
  })

  it('is not trusted beyond its own end', async () => {
    const { state, get } = testReads()
    state.remainingMs = 20
    await get()
    state.row = null
    vi.advanceTimersByTime(19)
    expect(await get()).toBe('old')
    vi.advanceTimersByTime(1)
    expect(await get()).toBeNull()
  })

  it('is not kept when there was nothing, or no answer', async () => {
    const { state, get } = testReads()
    state.row = null
    expect(await get()).toBeNull()
    state.row = 'new'
    expect(await get()).toBe('new')
    const failing = new ReadCache<string>()
    await expect(failing.get('k', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(await failing.get('k', async () => ({ value: 'back', remainingMs: null }))).toBe('back')
  })
})
