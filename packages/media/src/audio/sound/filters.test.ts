import { expect, it } from 'vitest'
import { outputRate } from './encoders.ts'
import { soundFilters } from './filters.ts'
import { readSummary } from './measure-loudness.ts'

const stereo = { channels: 2, source: { channels: 2, precededBy: null }, sampleRate: 48_000, loudness: -16 }

it.each([
  ['a gain to the target', { integrated: -20, truePeak: -8 }, ['volume=4.00dB'], ['alimiter']],
  [
    'a limiter where the gain drives peaks over -1.5 dB',
    { integrated: -20, truePeak: -5 },
    ['volume=4', 'alimiter'],
    [],
  ],
  ['no limiter when it gets quieter', { integrated: -9, truePeak: -1 }, ['volume=-7.00dB'], ['alimiter']],
  ['at most 30 dB', { integrated: -60, truePeak: -50 }, ['volume=30.00dB'], ['alimiter']],
  ['nothing for silence', { integrated: null, truePeak: -Infinity }, [], ['volume', 'alimiter']],
  ['nothing when it is not measured', null, [], ['volume', 'alimiter']],
])('a sound gets %s', (_title, measured, some, none) => {
  const filters = soundFilters(stereo, measured)
  for (const filter of some) expect(filters).toContain(filter)
  for (const filter of none) expect(filters).not.toContain(filter)
})

const summary = (integrated: string, peak: string) =>
  `[Parsed_ebur128_1 @ 0x5] [info] Summary:\n\n  Integrated loudness:\n    I:         ${integrated} LUFS\n` +
  `    Threshold: -30.1 LUFS\n\n  True peak:\n    Peak:      ${peak} dBFS\n`

it.each([
  ['music', '-14.9', '-0.1', { integrated: -14.9, truePeak: -0.1 }],
  ['more than full scale', '0.5', '3.2', { integrated: 0.5, truePeak: 3.2 }],
  ['silence', '-70.0', '-inf', { integrated: null, truePeak: -Infinity }],
  ['what is too short', 'nan', '-20.0', { integrated: null, truePeak: -20 }],
])('the report of ffmpeg is read: %s', (_title, integrated, peak, expected) => {
  expect(readSummary(summary(integrated, peak))).toEqual(expected)
})

it('the report of ffmpeg is what it says last, not what the tags of the file say', () => {
  expect(readSummary(`title: ${summary('-5.0', '9.0')}\n${summary('-20.0', '-3.0')}`).integrated).toBe(-20)
})

it.each([
  ['aac', 8000, 8000],
  ['aac', 11_024, 11_025],
  ['aac', 44_100, 44_100],
  ['aac', 96_000, 48_000],
  ['aac', 176_400, 44_100],
  ['aac', 50_000, 48_000],
  ['mp3', 8000, 44_100],
  ['mp3', 48_000, 48_000],
  ['opus', 44_100, 48_000],
] as const)('%s of a source with %i Hz has %i Hz', (codec, source, expected) => {
  expect(outputRate(codec, source)).toBe(expected)
})
