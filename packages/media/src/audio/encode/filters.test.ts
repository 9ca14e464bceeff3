import { expect, it } from 'vitest'
import { outputRate } from './encoders.ts'
import { audioFilters } from './filters.ts'
import { readSummary } from './measure-loudness.ts'

const stereo = { channels: 2, source: { channels: 2, precededBy: null }, sampleRate: 48_000 }

it('an audio file gets a gain, then a limiter, then back what its encoder takes', () => {
  expect(audioFilters({ ...stereo, makeUpDb: 0.45 }, { gainDb: 4, limitDb: -1.5 })).toMatch(
    /,volume=4.00dB,aresample=192000,alimiter=limit=0.8414:[^,]*,aresample=48000,volume=0.45dB,/,
  )
  expect(audioFilters(stereo, { gainDb: 0, limitDb: null })).not.toMatch(/volume|alimiter/)
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
