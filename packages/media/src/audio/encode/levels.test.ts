import { expect, it } from 'vitest'
import { findLevels, type Levels, maxAttempts, needsListening, plainLevels } from './levels.ts'

it.each([
  ['a gain to the target', { integrated: -20, truePeak: -8 }, { gainDb: 4, limitDb: null }, false],
  [
    'a limiter where the gain drives peaks over -1.5 dB',
    { integrated: -20, truePeak: -5 },
    { gainDb: 4, limitDb: -1.5 },
    true,
  ],
  [
    'a trial where an encoder may drive them over it',
    { integrated: -20, truePeak: -7 },
    { gainDb: 4, limitDb: null },
    true,
  ],
  ['no limiter when it gets quieter', { integrated: -9, truePeak: -1 }, { gainDb: -7, limitDb: null }, false],
  ['at most 30 dB', { integrated: -60, truePeak: -50 }, { gainDb: 30, limitDb: null }, false],
  ['nothing for silence', { integrated: null, truePeak: -Infinity }, { gainDb: 0, limitDb: null }, false],
])('an audio file gets %s', (_title, measured, levels, isTried) => {
  expect(plainLevels(measured, -16)).toEqual(levels)
  expect(needsListening(levels, measured)).toBe(isTried)
})

/** Peaks are `crest` above the loudness, a limiter takes half of what is above it, an encoder adds `overshootDb`. */
const encoder = (crest: number, overshootDb: number) => (levels: Levels) => {
  const peak = -30 + crest + levels.gainDb
  const over = levels.limitDb === null ? 0 : Math.max(0, peak - levels.limitDb)
  return Promise.resolve({ integrated: -30 + levels.gainDb - over / 2, truePeak: peak - over + overshootDb })
}

it.each([
  [20, 0],
  [25, 1.2],
  [28, 0.4],
])(
  'of an audio file whose peaks are %d dB above it, in an encoder that adds %d dB, both come right',
  async (crest, overshoot) => {
    const attempt = encoder(crest, overshoot)
    const { levels } = await findLevels({ gainDb: 14, limitDb: -1.5 }, -16, attempt)
    const { integrated, truePeak } = await attempt(levels)
    expect(Math.abs(integrated + 16)).toBeLessThanOrEqual(0.5)
    expect(truePeak).toBeLessThanOrEqual(-1.45)
  },
)

it('is not encoded again for what an encoder takes away where nothing is limited', async () => {
  let attempts = 0
  const loseSome = ({ gainDb }: Levels) => {
    attempts++
    return Promise.resolve({ integrated: -23 + gainDb - 0.6, truePeak: -9.6 + gainDb })
  }
  const first = { gainDb: 7, limitDb: null }
  expect(await findLevels(first, -16, loseSome)).toEqual({ levels: first, isLast: true })
  expect(attempts).toBe(1)
})

it('of a long audio file there are fewer attempts', async () => {
  let attempts = 0
  const attempt = (levels: Levels) => {
    attempts++
    return encoder(28, 1.2 / attempts)(levels)
  }
  await findLevels({ gainDb: 14, limitDb: -1.5 }, -16, attempt, 3)
  expect(attempts).toBe(3)
  expect([maxAttempts(30 * 60_000), maxAttempts(30 * 60_000 + 1)]).toEqual([6, 3])
})

it('the peak is kept where the loudness cannot be reached, and it ends', async () => {
  let attempts = 0
  const { levels, isLast } = await findLevels({ gainDb: 30, limitDb: -1.5 }, -5, levels => {
    attempts++
    return encoder(29, 0)(levels)
  })
  expect([attempts <= 6, levels.limitDb, isLast]).toEqual([true, -1.5, true])
})
