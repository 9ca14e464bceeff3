import { PresetDefinition } from '@darkroom/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VideoFacts } from '../facts.ts'
import { plan } from '../plan.ts'
import { h264Level } from './plan/h264-level.ts'
import { videoSize } from './plan/video-size.ts'

const VIDEO: VideoFacts = {
  kind: 'video',
  contentType: 'video/mp4',
  width: 1920,
  height: 1080,
  animated: true,
  pageCount: null,
  durationMs: 60_000,
  missingFrames: 0,
  hasAlpha: false,
  colorPrimaries: 'bt709',
  shownMs: 60_000,
  frameRate: 30,
  keyFrameSec: 2,
  rotation: 0,
  isHdr: false,
  isInterlaced: false,
  colorMatrix: 'bt709',
  hasAudio: true,
  videoStream: 0,
  audioStream: 1,
  audioFormat: { channels: 2, sampleRate: 48_000, startSec: 0 },
  chapters: [],
  details: {},
}

const planned = (facts: Partial<VideoFacts>, ...specs: object[]) => {
  const variants = specs.map((spec, n) => ({ name: `v${n}`, ...spec }))
  return plan({ ...VIDEO, ...facts }, PresetDefinition.parse({ video: { variants } }))
}

describe('the size of a video', () => {
  it.each([
    ['720p of a wide video', [1920, 1080], 720, [1280, 720]],
    ['720p of a tall video', [1080, 1920], 720, [720, 1280]],
    ['480p is 854 wide, as everywhere', [1920, 1080], 480, [854, 480]],
    ['4K by 17:9', [4096, 2160], 1080, [2048, 1080]],
    ['a smaller video stays', [640, 360], 720, [640, 360]],
    ['odd sides are made even, never larger', [641, 361], 720, [640, 360]],
    ['a ribbon is no longer than decoders take', [20_000, 400], 720, [8192, 164]],
    ['one pixel becomes two', [1, 1], 720, [2, 2]],
  ])('%s', (_title, [width = 0, height = 0], resolution, expected) => {
    const size = videoSize({ width, height }, resolution)
    expect([size.width, size.height]).toEqual(expected)
  })

  it('is even and not enlarged, whatever the video is', () => {
    const side = fc.integer({ min: 2, max: 65_535 })
    fc.assert(
      fc.property(side, side, fc.integer({ min: 120, max: 4320 }), (width, height, resolution) => {
        const size = videoSize({ width, height }, resolution)
        expect(size.width % 2 || size.height % 2).toBe(0)
        expect(size.width <= width && size.height <= height).toBe(true)
        expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(8192)
      }),
    )
  })
})

it.each([
  [640, 360, 30, 30],
  [1280, 720, 30, 31],
  [1280, 720, 60, 32],
  [1920, 1080, 30, 40],
  [1920, 1080, 60, 42],
  [3840, 2160, 30, 51],
  [3840, 2160, 60, 52],
  [7680, 4320, 60, 61],
  [8192, 8192, 120, 62],
])('a video of %i × %i at %i a second needs level %i', (width, height, rate, level) => {
  expect(h264Level({ width, height }, rate)).toBe(level)
})

describe('a rendition', () => {
  it.each([
    [60, 30, 30],
    [59.94, 30, 29.97],
    [50, 30, 25],
    [30.2, 30, 30.2],
    [24, 60, 24],
    [120, 50, 40],
  ])('of %d frames a second, at most %d, has %d', (frameRate, maxFrameRate, expected) => {
    const { variants } = planned({ frameRate }, { type: 'rendition', resolution: 720, maxFrameRate })
    expect(variants[0]).toMatchObject({ frameRate: expected })
  })

  it('without audio has neither bit rate nor loudness of one', () => {
    const { variants } = planned({ hasAudio: false, audioStream: null }, { type: 'rendition', resolution: 720 })
    expect(variants[0]).toMatchObject({ audioBitrateKbps: null, loudness: null })
  })

  it('has another fingerprint when anything about it is different', () => {
    const specs = [{}, { crf: 24 }, { effort: 4 }, { resolution: 480 }, { maxBitrateKbps: 900 }, { loudness: null }]
    const { variants } = planned({}, ...specs.map(more => ({ type: 'rendition', resolution: 720, ...more })))
    expect(new Set(variants.map(({ fingerprintInput }) => fingerprintInput)).size).toBe(specs.length)
  })
})

describe('an HLS ladder', () => {
  const ladder = [{ resolution: 1080 }, { resolution: 360 }, { resolution: 720, maxBitrateKbps: 999 }]

  it('leaves out steps that are larger than the video', () => {
    const names = planned({ width: 1280, height: 720 }, { type: 'hls', ladder }).variants.map(({ name }) => name)
    expect(names.toSorted()).toEqual(['v0', 'v0-360', 'v0-360-media', 'v0-720', 'v0-720-media'])
  })

  it('keeps its smallest step for a video that is smaller still', () => {
    const { variants } = planned({ width: 320, height: 180 }, { type: 'hls', ladder })
    expect(variants.find(({ name }) => name === 'v0-360-media')).toMatchObject({ width: 320, height: 180 })
    expect(variants).toHaveLength(3)
  })

  it('limits the bit rate of each step', () => {
    const { variants } = planned({}, { type: 'hls', ladder })
    const master = variants.find(({ name }) => name === 'v0')
    expect(master).toMatchObject({
      steps: [{ maxBitrateKbps: 691 }, { maxBitrateKbps: 999 }, { maxBitrateKbps: 6221 }],
    })
  })

  it('refuses two steps of one resolution', () => {
    const twice = { type: 'hls', ladder: [{ resolution: 720 }, { resolution: 720, crf: 30 }] }
    expect(() => planned({}, twice)).toThrow('two renditions have the same resolution')
  })
})

describe('a storyboard', () => {
  const layout = (facts: Partial<VideoFacts>, spec: object = {}) =>
    planned(facts, { type: 'storyboard', ...spec }).variants.find(({ name }) => name === 'v0')

  it('has at most so many frames, and no more than one a second', () => {
    expect(layout({ durationMs: 3_600_000 })).toMatchObject({ frames: 100, frame: { width: 160, height: 90 } })
    expect(layout({ durationMs: 7500 })).toMatchObject({ frames: 8 })
    expect(layout({ durationMs: 40 })).toMatchObject({ frames: 1, columns: 1, rows: 1 })
  })

  it('is skipped for a video that takes no time', () => {
    expect(planned({ durationMs: 0 }, { type: 'storyboard' }).skipped).toEqual([{ name: 'v0', required: false }])
  })

  it('fits into a frame that can be written, whatever the video is', () => {
    const side = fc.integer({ min: 1, max: 65_535 })
    const frames = fc.integer({ min: 4, max: 400 })
    fc.assert(
      fc.property(side, side, frames, fc.integer({ min: 32, max: 640 }), (width, height, frames, frameWidth) => {
        const board = layout({ width, height, durationMs: 10_000_000 }, { frames, width: frameWidth })
        expect(Math.max(board?.width ?? 0, board?.height ?? 0)).toBeLessThanOrEqual(16_383)
        expect(Math.min(board?.width ?? 0, board?.height ?? 0)).toBeGreaterThan(0)
      }),
    )
  })
})

it('audio is planned as of any recording, and skipped for a silent video', () => {
  const audio = { type: 'sound', codec: 'aac' }
  expect(planned({}, audio).variants).toContainEqual(
    expect.objectContaining({ type: 'sound', contentType: 'audio/mp4' }),
  )
  expect(planned({ hasAudio: false }, audio).skipped).toEqual([{ name: 'v0', required: false }])
})

describe('chapters', () => {
  const chapters = [{ startMs: 0, endMs: 60_000, title: 'Chapter 1' }]

  it('are planned as text that names no other file', () => {
    const { variants } = planned({ chapters }, { type: 'chapters' })
    expect(variants.find(({ name }) => name === 'v0')).toMatchObject({ contentType: 'text/vtt', refersTo: [] })
  })

  it('are not even listed as skipped for a video without any, but where they are required', () => {
    expect(planned({}, { type: 'chapters' }).skipped).toEqual([])
    expect(planned({}, { type: 'chapters', required: true }).skipped).toEqual([{ name: 'v0', required: true }])
    const when = { minDurationSec: 3600 }
    expect(planned({ chapters }, { type: 'chapters', when }).skipped).toEqual([{ name: 'v0', required: false }])
  })
})
