import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { distance, faults, make, noFfmpeg, pixelAt, video } from './video-bed.ts'

const SPECS = [
  { name: 'jpeg', type: 'poster', format: 'jpeg', quality: 95 },
  { name: 'png', type: 'poster', format: 'png' },
  { name: 'blue', type: 'poster', format: 'png', background: '#0000ff' },
  { name: 'preview', type: 'preview', quality: 95 },
  { name: 'board', type: 'storyboard', width: 128, quality: 95 },
  { name: 'mp4', type: 'rendition', resolution: 120, effort: 0, crf: 12 },
]
const OPAQUE = ['jpeg', 'preview', 'board', 'mp4']

/** Green throughout: opaque on the left, half transparent in the middle, and on the right all that is under it is to be unseen. */
const INPUT = ['-f', 'lavfi', '-i', 'color=0x20a040:s=128x64:r=10:d=0.4']
const CUT = `format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,43),255,if(lt(X,86),128,0))'`
const GREEN = [32, 160, 64]
const over = (background: number[]) => GREEN.map((value, n) => (value * 128 + (background[n] ?? 0) * 127) / 255)
const WHITE = [255, 255, 255]

const yuv = (format: string, matrix: string) => `${CUT},scale=out_color_matrix=${matrix}:out_range=tv,format=${format}`
const BT709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv']

describe.skipIf(noFfmpeg)('a video with transparency', () => {
  it.each([
    [
      'ProRes 4444',
      'f.mov',
      'video/quicktime',
      ['-vf', yuv('yuva444p10le', 'bt601'), '-c:v', 'prores_ks', '-profile:v', '4444'],
    ],
    ['PNG in QuickTime', 'f.mov', 'video/quicktime', ['-vf', CUT, '-c:v', 'png']],
    [
      'VP9',
      'f.webm',
      'video/webm',
      [
        '-vf',
        yuv('yuva420p', 'bt709'),
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-crf',
        '10',
        '-b:v',
        '0',
        ...BT709,
      ],
    ],
    [
      'VP8',
      'f.webm',
      'video/webm',
      [
        '-vf',
        yuv('yuva420p', 'bt601'),
        '-c:v',
        'libvpx',
        '-auto-alt-ref',
        '0',
        '-deadline',
        'realtime',
        '-b:v',
        '2M',
        '-color_range',
        'tv',
      ],
    ],
  ] as const)('as %s shows nothing of what lies under it', async (_title, name, type, args) => {
    const made = await make(await video(name, ...INPUT, ...args), SPECS, { type })
    expect(faults(made)).toEqual({})
    expect(made.facts.hasAlpha).toBe(true)
    for (const of of OPAQUE) {
      const file =
        of === 'mp4'
          ? await video('back.png', '-i', made.file(of), '-frames:v', '1', '-vf', 'scale=in_color_matrix=bt709')
          : made.file(of)
      for (const [x, expected] of [
        [0.15, GREEN],
        [0.5, over(WHITE)],
        [0.85, WHITE],
      ] as const) {
        const found = await pixelAt(file, x, 0.5)
        expect(distance(found, expected), `${of} at ${x}: ${found}, not ${expected}`).toBeLessThanOrEqual(6)
      }
    }
    expect(distance(await pixelAt(made.file('blue'), 0.85, 0.5), [0, 0, 255])).toBeLessThanOrEqual(2)
    expect(distance(await pixelAt(made.file('blue'), 0.5, 0.5), over([0, 0, 255]))).toBeLessThanOrEqual(6)
    const { data, info } = await sharp(made.file('png')).raw().toBuffer({ resolveWithObject: true })
    const alphas = [0.15, 0.5, 0.85].map(
      x => data[(32 * info.width + Math.floor(x * info.width)) * info.channels + 3] ?? -1,
    )
    expect(info.channels).toBe(4)
    expect(distance(alphas, [255, 128, 0]), `${alphas}`).toBeLessThanOrEqual(4)
  })
})
