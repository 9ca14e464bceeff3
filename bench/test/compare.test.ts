import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaPool } from '@darkroom/media'
import { requireTool } from '@darkroom/testing'
import { amount } from '@darkroom/testing/samples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareFile } from '../src/compare/compare-file.ts'
import { compareImages } from '../src/compare/compare-images.ts'
import { compareVideos, rhythmOf } from '../src/compare/compare-videos.ts'
import { MADE_FILES, makeFile } from '../src/compare/files/index.ts'
import { frameFaults, imageFaults } from '../src/compare/limits.ts'
import { comparisonText, isAudio, isImage } from '../src/compare/report.ts'
import { type VideoFrames, videoFrames } from '../src/compare/video-frames.ts'
import { ffmpeg } from '../src/kinds/bare/run-ffmpeg.ts'
import { startPool } from '../src/measure/media-pool.ts'

const CHECKED = MADE_FILES.filter(({ isInTests }) => isInTests)
/** Every frame is compared. */
const VIDEO_SEC = amount(0.5, 1)
const hasFfmpeg = requireTool('ffmpeg', 'ffmpeg')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(process.env.DARKROOM_TEST_TEMP ?? tmpdir(), 'compare-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!hasFfmpeg)('what is made is what sharp, ffmpeg or pdfium make, within the limits', () => {
  let pool: MediaPool
  beforeAll(async () => {
    await mkdir(join(folder, 'pool'))
    pool = await startPool(join(folder, 'pool'), 1)
  })
  afterAll(() => pool?.close())

  it.each(CHECKED)('$title', async made => {
    const all = await compareFile(pool, await makeFile(made, folder, VIDEO_SEC), join(folder, 'pool'))
    expect(all.filter(one => isImage(one) || isAudio(one)).length).toBeGreaterThan(0)
    expect(all).toEqual(all.map(one => ({ ...one, faults: [] })))
  })

  it('and a file that is refused is not passed over', async () => {
    const file = join(folder, 'words.png')
    await writeFile(file, 'This is no picture.')
    const source = { title: 'words.png', file, declaredType: 'image/png' }
    const [one] = await compareFile(pool, source, join(folder, 'pool'))
    expect(one?.faults).toEqual([expect.stringMatching(/^refused: [A-Z_]+$/)])
    expect(comparisonText(one ? [one] : [])).toContain('FAIL words.png: refused')
  })
})

describe.skipIf(!hasFfmpeg)('what is wrong is seen', () => {
  const SIZE = { width: 160, height: 90 }
  const video = async (name: string, ...filters: string[]) => {
    const file = join(folder, name)
    const source = ['testsrc2=s=160x90:r=25:d=1', ...filters].join()
    await ffmpeg('-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', file)
    return videoFrames(file, 'v:0', SIZE)
  }
  let source: VideoFrames
  beforeAll(async () => {
    source = await video('source.mp4')
  })
  const faults = async (...filters: string[]) => {
    const measures = compareVideos(await video('ours.mp4', ...filters), source)
    return [...imageFaults('mp4', measures), ...frameFaults(measures, rhythmOf(source.timesSec))].join('; ')
  }

  it.each([
    ['nothing', [], /^$/],
    ['each frame one too late', ['tpad=start=1', 'trim=end_frame=25'], /24 frames are rather the one before/],
    [
      'a frame that is missing',
      ['trim=start_frame=1', 'setpts=PTS-STARTPTS'],
      /1 frames of the source are never shown/,
    ],
    ['another matrix', ['scale=out_color_matrix=bt709,setparams=colorspace=smpte170m'], /mean ΔE/],
    ['a mirror', ['hflip'], /SSIM/],
    ['a row that is shifted', ['scroll=vpos=0.02'], /SSIM/],
    ['colours that are a little flat', ['eq=saturation=0.85'], /ΔE/],
  ] as const)('in a video: %s', async (_title, filters, expected) => {
    expect(await faults(...filters)).toMatch(expected)
  })

  it('in an image: a channel that is eight too high', () => {
    const of = (red: number) => ({
      width: 64,
      height: 64,
      data: new Uint8Array(64 * 64 * 3).map((_, at) => (at % 3 === 0 ? red : 120)),
    })
    const faultsOf = (red: number) => imageFaults('png', compareImages([[of(red), of(100)]]))
    expect(faultsOf(101)).toEqual([])
    expect(faultsOf(108)).toEqual([expect.stringMatching(/^mean ΔE/), expect.stringMatching(/^ΔE of the 99th/)])
  })
})
