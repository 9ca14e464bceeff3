import { expect, test } from 'vitest'
import { testAsset } from '../testing/test-asset.ts'
import { extentOf, factsOf, titleOf } from './asset-facts.ts'

const told = (facts: Record<string, unknown>) =>
  factsOf(testAsset({ width: null, height: null, facts }))
    .slice(1)
    .map(({ label, value }) => `${label}: ${value}`)

test('tells what every kind has, as far as this one has it', () => {
  expect(factsOf(testAsset({ contentType: 'video/mp4', width: 1920, height: 1080, durationMs: 65_000 }))).toEqual([
    { label: 'Format', value: 'MP4' },
    { label: 'Dimensions', value: '1920 × 1080' },
    { label: 'Duration', value: '1:05' },
  ])
  expect(
    factsOf(testAsset({ kind: 'document', contentType: 'application/pdf', width: 595, height: 842, pageCount: 3 })),
  ).toEqual([
    { label: 'Format', value: 'PDF' },
    { label: 'Dimensions', value: '595 × 842 pt' },
    { label: 'Pages', value: '3' },
  ])
})

test.each([
  ['a text', { videoCodec: 'h264' }, 'Video codec: h264'],
  ['a camera as its members', { camera: { make: 'Canon', iso: 400 } }, 'Make: Canon|ISO: 400'],
  [
    'any other group by its name',
    { audio: { codec: 'aac', sampleRate: 44_100 } },
    'Audio codec: aac|Audio sample rate: 44.1 kHz',
  ],
  [
    'when it was taken, to the minute',
    { camera: { takenAt: '2021-04-11T15:47:53-05:00' } },
    'Taken at: 2021-04-11 15:47',
  ],
  ['a number that has no unit', { frames: 29.97003 }, 'Frames: 29.97003'],
  ['the unit that a name ends in', { bitRateKbps: 128 }, 'Bit rate: 128 kbit/s'],
  ['a short exposure as a fraction', { exposureSec: 0.004 }, 'Exposure: 1/250 s'],
  ['an aperture', { fNumber: 2.8 }, 'Aperture: f/2.8'],
  ['how many of a list there are', { chapters: [{ startMs: 0, title: 'Intro' }] }, 'Chapters: 1'],
  ['what is so', { isHdr: true }, 'HDR: Yes'],
  ['nothing of what is not so', { isHdr: false, iccProfile: null, make: '' }, ''],
])('tells %s', (_, facts, line) => {
  expect(told(facts).join('|')).toBe(line)
})

test.each([
  ['an image', { kind: 'image', width: 4000, height: 3000 }, ['4000 × 3000']],
  ['a video', { kind: 'video', width: 1920, height: 1080, durationMs: 5000 }, ['1920 × 1080', '0:05']],
  ['an audio file', { kind: 'audio', width: null, height: null, durationMs: 5000 }, ['0:05']],
  ['a document', { kind: 'document', width: 595, height: 842, pageCount: 1 }, ['1 page']],
  ['what nobody has looked at', { kind: null, width: null, height: null }, []],
] as const)('measures %s', (_, parts, extent) => {
  expect(extentOf(testAsset(parts))).toEqual(extent)
})

test('finds title and artist, in a group as well', () => {
  expect(titleOf(testAsset({ facts: { title: 'Autumn', artist: ' ' } }))).toEqual({ title: 'Autumn', artist: null })
  expect(titleOf(testAsset({ facts: { tags: { title: 'Autumn', artist: 'Nina' } } }))).toEqual({
    title: 'Autumn',
    artist: 'Nina',
  })
})
