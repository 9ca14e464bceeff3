import type { Asset } from '@darkroom/contracts'
import { DarkroomError } from '@darkroom/sdk'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { assetState } from '../uploads/row-state.ts'
import { createAssetFollower } from './asset-follower.ts'
import { createAssetStore } from './asset-store.ts'
import { activityOf, pollDelayMs } from './follow-policy.ts'

const job = (status: 'queued' | 'running' | 'succeeded' | 'failed') => ({ id: 'j', status, progress: 0, stage: null })

describe('activity', () => {
  test.each([
    ['processing', null, 'busy'],
    ['awaiting_upload', null, 'idle'],
    ['ready', job('succeeded'), 'settled'],
    ['ready', job('running'), 'busy'],
    ['partial', job('queued'), 'busy'],
    ['failed', job('failed'), 'settled'],
    ['deleting', job('running'), 'settled'],
    ['expired', null, 'settled'],
  ] as const)('of %s with job %j is %s', (status, state, activity) => {
    expect(activityOf(testAsset({ status, job: state }))).toBe(activity)
  })
})

test('the poll slows down to two seconds while nothing changes', () => {
  const delays = [0, 1, 3, 10].map(pollsWithoutChange =>
    pollDelayMs({ anyBusy: true, pollsWithoutChange, failed: false }),
  )
  expect(delays[0]).toBe(500)
  expect(delays).toEqual(delays.toSorted((a, b) => a - b))
  expect(delays.at(-1)).toBe(2000)
})

describe('the follower', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function setUp(answers: (Asset[] | Error)[]) {
    const assets = createAssetStore()
    const asked: string[][] = []
    const page = { visible: true }
    const denials: string[] = []
    const follower = createAssetFollower({
      assets,
      mayPoll: () => page.visible && denials.length === 0,
      onDenied: reason => void denials.push(reason),
      async readAssets(ids) {
        asked.push(ids)
        const answer = answers.shift() ?? []
        if (answer instanceof Error) throw answer
        return answer
      },
    })
    follower.start()
    return { assets, asked, page, denials, follower }
  }

  const processing = testAsset({ status: 'processing' })
  const ready = testAsset({ revision: 2 })

  test('asks until the asset is settled and then no more', async () => {
    const { assets, asked } = setUp([[processing], [ready]])
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toEqual([['a1'], ['a1']])
    expect(assets.all().get('a1')?.status).toBe('ready')
  })

  test('reads what a list says is ready as a whole, when it was listed between two polls', async () => {
    const whole = testAsset({
      revision: 2,
      variants: [testVariant({ name: 'thumb' }), testVariant({ name: 'medium' })],
    })
    const { assets, asked } = setUp([[processing], [whole]])
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(500)
    assets.put([{ ...testAsset({ revision: 2, variants: [testVariant({ name: 'thumb' })] }), isSummary: true }])
    expect(assetState(testAsset(assets.all().get('a1'))).label).not.toBe('Ready')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(2)
    expect(assetState(testAsset(assets.all().get('a1'))).text).toBe('Ready · 2 sizes')
  })

  test('asks for nothing when everything is settled', async () => {
    const { assets, asked } = setUp([])
    assets.put([ready])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toEqual([])
  })

  test('stays quiet while the page is hidden and asks at once when it is back', async () => {
    const { assets, asked, page, follower } = setUp([[ready]])
    page.visible = false
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toEqual([])
    page.visible = true
    follower.nudge()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([['a1']])
  })

  test('goes on after a poll that failed', async () => {
    const { assets, asked } = setUp([new Error('offline'), [ready]])
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toHaveLength(2)
    expect(assets.all().get('a1')?.status).toBe('ready')
  })

  test('asks no more when the key may not read, and says why', async () => {
    const denied = new DarkroomError({ code: 'FORBIDDEN', message: 'no scope', status: 403 })
    const { assets, asked, denials } = setUp([denied])
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(1)
    expect(denials).toEqual(['no scope'])
    expect(assets.gone().size).toBe(0)
  })

  test('lets go of an asset that is no longer there', async () => {
    const { assets, asked } = setUp([[]])
    assets.put([processing])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(1)
    expect(assets.gone().has('a1')).toBe(true)
  })
})
