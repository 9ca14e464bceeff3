import { describe, expect, it, vi } from 'vitest'
import { createBatches } from './in-batches.ts'

interface Setting {
  many?: (inputs: number[]) => PromiseSettledResult<string>[] | null
  maxItems?: number
  mayLinger?: () => boolean
}

/** Calls that record with which inputs they were made, and go on when they are let. */
function createCalls({ many = fulfilled, maxItems = 100, mayLinger }: Setting = {}) {
  const made: number[][] = []
  const signals: AbortSignal[] = []
  let gate = Promise.withResolvers<void>()
  const call = createBatches<number, string>({
    maxItems,
    ...(mayLinger && { mayLinger }),
    async one(input) {
      made.push([input])
      return `${input}`
    },
    async many(inputs, signal) {
      made.push(inputs)
      signals.push(signal)
      await gate.promise
      return many(inputs)
    },
  })
  const open = () => {
    gate.resolve()
    gate = Promise.withResolvers()
  }
  return { call, made, signals, open }
}

const fulfilled = (inputs: number[]): PromiseSettledResult<string>[] =>
  inputs.map(input => ({ status: 'fulfilled', value: `${input}` }))

const turn = () => new Promise(resolve => setTimeout(resolve, 5))

describe('calls in batches', () => {
  it('makes one alone, and those of one turn together', async () => {
    const { call, made, open } = createCalls()
    expect(await call(1)).toBe('1')
    const answers = Promise.all([call(2), call(3), call(4)])
    await turn()
    open()
    expect(await answers).toEqual(['2', '3', '4'])
    expect(made).toEqual([[1], [2, 3, 4]])
  })

  it('makes what is asked for meanwhile together afterwards, at most so many at once', async () => {
    const { call, made, open } = createCalls({ maxItems: 2 })
    const first = [call(1), call(2)]
    await turn()
    const later = [call(3), call(4), call(5)]
    open()
    await Promise.all(first)
    await turn()
    expect(made).toEqual([
      [1, 2],
      [3, 4],
    ])
    open()
    expect(await Promise.all(later)).toEqual(['3', '4', '5'])
    expect(made.at(-1)).toEqual([5])
  })

  it('answers each by itself', async () => {
    const many = (inputs: number[]): PromiseSettledResult<string>[] =>
      inputs.map(input =>
        input === 2 ? { status: 'rejected', reason: new Error('no 2') } : { status: 'fulfilled', value: `${input}` },
      )
    const { call, open } = createCalls({ many })
    const answers = Promise.allSettled([call(1), call(2)])
    await turn()
    open()
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it('makes each alone where they cannot be made together', async () => {
    const { call, made, open } = createCalls({ many: () => null })
    const answers = Promise.all([call(1), call(2)])
    await turn()
    open()
    expect(await answers).toEqual(['1', '2'])
    expect(made).toEqual([[1, 2], [1], [2]])
  })

  it('rejects all when the batch fails, and makes the next', async () => {
    let isBroken = true
    const many = (inputs: number[]) => {
      if (isBroken) throw new Error('broken')
      return fulfilled(inputs)
    }
    const { call, open } = createCalls({ many })
    const failed = Promise.allSettled([call(1), call(2)])
    await turn()
    open()
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isBroken = false
    const next = Promise.all([call(3), call(4)])
    await turn()
    open()
    expect(await next).toEqual(['3', '4'])
  })

  it('waits for more while it may, a moment, until they are enough or there is no time any more', async () => {
    vi.useFakeTimers()
    try {
      let isBusy = true
      const { call, made, open } = createCalls({ maxItems: 3, mayLinger: () => isBusy })
      const later = async (ms: number) => {
        open()
        await vi.advanceTimersByTimeAsync(ms)
      }
      const calls = [call(1)]
      await later(50)
      calls.push(call(2))
      await later(40)
      expect(made).toEqual([])
      await later(20)
      expect(made).toEqual([[1, 2]])
      calls.push(call(3), call(4), call(5))
      await later(5)
      expect(made.at(-1)).toEqual([3, 4, 5])
      calls.push(call(6))
      await later(5)
      isBusy = false
      calls.push(call(7))
      await later(0)
      expect(made.at(-1)).toEqual([6, 7])
      open()
      expect(await Promise.all(calls)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves one that is aborted at once, and breaks off when nobody waits any more', async () => {
    const { call, signals, open } = createCalls()
    const [one, two] = [new AbortController(), new AbortController()]
    const answers = Promise.allSettled([call(1, one.signal), call(2, two.signal)])
    await turn()
    one.abort(new Error('enough'))
    expect(signals[0]?.aborted).toBe(false)
    two.abort(new Error('enough'))
    expect(signals[0]?.aborted).toBe(true)
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    open()
  })
})
