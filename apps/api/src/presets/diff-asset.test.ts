import { PresetDefinition } from '@darkroom/contracts'
import { Facts, fingerprint, plan } from '@darkroom/media/plan'
import { describe, expect, it } from 'vitest'
import { diffAsset } from './diff-asset.ts'

const ENGINES = { sharp: '1', libvips: '1', ffmpeg: '5' }
const SHA = 'a'.repeat(64)
const VIDEO = {
  kind: 'video',
  contentType: 'video/mp4',
  width: 1280,
  height: 720,
  animated: true,
  pageCount: null,
  durationMs: 9000,
  frameRate: 25,
  rotation: 0,
  hasAudio: false,
  isHdr: false,
  isInterlaced: false,
  colorMatrix: 'bt709',
  missingFrames: 0,
  hasAlpha: false,
  colorPrimaries: 'bt709',
  shownMs: 9000,
  keyFrameSec: 1,
  videoStream: 0,
  audioStream: null,
  audioFormat: null,
  chapters: [],
  details: {},
}

const definition = (variants: object[]) => PresetDefinition.parse({ video: { variants } })
const LADDER = { name: 'hls', type: 'hls', ladder: [{ resolution: 360 }, { resolution: 720 }] }
const POSTER = { name: 'poster', type: 'poster', width: 640, format: 'webp' }

/** A video as it stands after it was made by a preset. */
const made = (variants: object[], engines = ENGINES) => ({
  sha256: SHA,
  facts: VIDEO,
  focalPoint: null,
  standing: plan(Facts.parse(VIDEO), definition(variants)).variants.map(variant => ({
    name: variant.name,
    fingerprint: fingerprint(SHA, 'video', variant, engines),
    byteSize: 1,
    width: variant.width,
    height: variant.height,
  })),
})
const counts = (asset: Parameters<typeof diffAsset>[0], variants: object[], engines = ENGINES) => {
  const diff = diffAsset(asset, definition(variants), engines)
  return diff && [diff.added.length, diff.remade.length, diff.kept, diff.dropped]
}

describe('what changes of a video [added, remade, kept, dropped]', () => {
  it('is nothing by the same preset', () => {
    expect(counts(made([LADDER, POSTER]), [LADDER, POSTER])).toEqual([0, 0, 6, 0])
  })

  it('is what has other parameters, is new or is named no more', () => {
    expect(counts(made([POSTER]), [{ ...POSTER, width: 320 }])).toEqual([0, 1, 0, 0])
    expect(counts(made([POSTER]), [LADDER])).toEqual([5, 0, 0, 1])
  })

  it('is all that ffmpeg makes by another ffmpeg', () => {
    expect(counts(made([POSTER], { ...ENGINES, ffmpeg: '6' }), [POSTER])).toEqual([0, 1, 0, 0])
  })

  it('is a playlist as well, when a file that it points to is made again', () => {
    const asset = made([LADDER])
    const standing = asset.standing.filter(({ name }) => name !== 'hls-720-media')
    const diff = diffAsset({ ...asset, standing }, definition([LADDER]), ENGINES)
    expect(diff?.added.map(({ name }) => name)).toEqual(['hls-720-media'])
    expect(diff?.remade.map(({ name }) => name)).toEqual(expect.arrayContaining(['hls', 'hls-720']))
    expect(diff?.kept).toBe(2)
  })

  it.each([
    ['facts', { facts: null }],
    ['facts of this version', { facts: { kind: 'video' } }],
    ['a digest', { sha256: null }],
  ])('is unknown without %s', (_title, missing) => {
    expect(counts({ ...made([POSTER]), ...missing }, [POSTER])).toBeNull()
  })
})
