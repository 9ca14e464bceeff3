import {
  type ColorTags,
  pq,
  type Rgb,
  samplesOf,
  shownColor,
  stripedVideo,
  toLinear,
} from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { tempDir } from './pool.ts'
import { distance, faults, make, noFfmpeg, pixelAt, video } from './video-bed.ts'

/** A video of stripes side by side, lossless but for its ten bits, that says of itself what `tags` say. */
const striped = async (stripes: readonly Rgb[], tags: ColorTags) => stripedVideo(await tempDir(), stripes, tags)

const SPECS = [
  { name: 'poster', type: 'poster', format: 'png' },
  { name: 'preview', type: 'preview', quality: 95 },
  { name: 'preview-mp4', type: 'preview', format: 'mp4', quality: 95 },
  { name: 'mp4', type: 'rendition', resolution: 120, effort: 0, crf: 12 },
  { name: 'board', type: 'storyboard', format: 'jpeg', quality: 95, width: 256 },
]

/** The stripes of everything that is made of a file, by its name. */
async function lookAt(file: string, count: number) {
  const made = await make(file, SPECS)
  expect(faults(made)).toEqual({})
  const at = (n: number) => (n + 0.5) / count
  const looks = SPECS.map(async ({ name }) => {
    const isVideo = name.endsWith('mp4')
    const image = isVideo
      ? await video('back.png', '-i', made.file(name), '-frames:v', '1', '-vf', 'scale=in_color_matrix=bt709')
      : made.file(name)
    return [name, await Promise.all(Array.from({ length: count }, (_, n) => pixelAt(image, at(n), 0.5)))] as const
  })
  return { made, stripes: await Promise.all(looks) }
}

const COLORS: readonly Rgb[] = [
  [64, 192, 64],
  [200, 50, 50],
  [120, 90, 160],
  [128, 128, 128],
]

describe.skipIf(noFfmpeg)('colours of a video in SDR', () => {
  it.each([
    ['BT.2020', 'bt2020', { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'bt2020-10' }, 'bt2020nc'],
    ['BT.2020 in the matrix alone', 'bt2020', { matrix: 'bt2020nc' }, 'bt2020nc'],
    ['Display P3', 'smpte432', { matrix: 'bt709', primaries: 'smpte432', transfer: 'bt709' }, 'bt709'],
    [
      'Display P3 with the curve of sRGB',
      'smpte432',
      { matrix: 'smpte170m', primaries: 'smpte432', transfer: 'iec61966-2-1' },
      'smpte170m',
    ],
    ['SMPTE 240M', 'bt709', { matrix: 'smpte240m' }, 'smpte240m'],
    ['FCC', 'bt709', { matrix: 'fcc' }, 'fcc'],
    ['nothing at all', 'bt709', {}, 'smpte170m'],
  ] as const)('are what they are, in all that is made, when it says %s', async (title, primaries, tags, matrix) => {
    const file = await striped(
      COLORS.map(color => samplesOf(color, matrix)),
      tags,
    )
    const { made, stripes } = await lookAt(file, COLORS.length)
    for (const [name, found] of stripes) {
      for (const [n, color] of COLORS.entries()) {
        const off = distance(found[n] ?? [], shownColor(color, primaries))
        expect(off, `${name}: ${color} is ${found[n]}, not ${shownColor(color, primaries)}`).toBeLessThanOrEqual(5)
      }
    }
    const isAssumed = title === 'BT.2020 in the matrix alone'
    expect(made.warnings.map(({ code }) => code)).toEqual(isAssumed ? ['COLOR_ASSUMED'] : [])
  })

  it('a file whose tags are none that is known says so, and which were taken', async () => {
    const file = await striped([samplesOf([64, 192, 64], 'smpte170m')], { matrix: 'chroma-derived-nc' })
    const { warnings } = await make(file, SPECS.slice(0, 1))
    expect(warnings).toEqual([
      {
        code: 'COLOR_ASSUMED',
        detail: expect.stringMatching(
          /chroma-derived-nc, which is not known: read as BT\.709 with the matrix of BT\.601\.$/,
        ),
      },
    ])
  })
})

/** Of ARIB STD-B67, on a screen of 1000 nits, whose gamma is 1.2. */
function hlg(nits: number): number {
  const e = (nits / 1000) ** (1 / 1.2)
  return e <= 1 / 12 ? Math.sqrt(3 * e) : 0.17883277 * Math.log(12 * e - 0.28466892) + 0.55991073
}

describe.skipIf(noFfmpeg)('brightness of a video in HDR', () => {
  it.each([
    ['PQ', 'smpte2084', pq],
    ['HLG', 'arib-std-b67', hlg],
  ] as const)(
    'by %s: white is white, brighter is brighter, and darker is as much darker as it was',
    async (_title, transfer, code) => {
      const nits = [2, 20, 100, 203, 400, 1000]
      const grey = (value: number): Rgb => [Math.round(4 * (16 + 219 * value)), 512, 512]
      const file = await striped(
        nits.map(value => grey(code(value))),
        { matrix: 'bt2020nc', primaries: 'bt2020', transfer },
      )
      const { stripes } = await lookAt(file, nits.length)
      for (const [name, found] of stripes) {
        const values = found.map(([, green = 0]) => green)
        expect(Math.abs((values[3] ?? 0) - 235), `${name}: ${values}`).toBeLessThanOrEqual(4)
        // In proportion to white, on a screen whose gamma is 2.4.
        for (const [n, dark] of nits.slice(0, 3).entries()) {
          expect(
            Math.abs((values[n] ?? 0) - 235 * (dark / 203) ** (1 / 2.4)),
            `${name}: ${values}`,
          ).toBeLessThanOrEqual(5)
        }
        expect(values[4], `${name}: ${values}`).toBeGreaterThan(values[3] ?? 0)
        expect(values[5], `${name}: ${values}`).toBeGreaterThan(values[4] ?? 0)
      }
    },
  )

  it('a file that does not say its primaries says so', async () => {
    const { warnings } = await make(
      await striped([[512, 512, 512]], { matrix: 'bt2020nc', transfer: 'smpte2084' }),
      SPECS.slice(0, 1),
    )
    expect(warnings).toEqual([
      { code: 'COLOR_ASSUMED', detail: expect.stringMatching(/PQ, but no primaries: read as BT\.2020.*\.$/) },
    ])
  })

  it('in the primaries of Display P3 is not read as BT.2020', async () => {
    const color: Rgb = [150, 120, 90]
    const asPq = color.map(v => 255 * pq(203 * toLinear(v / 255))) as unknown as Rgb
    const tags = { matrix: 'bt2020nc', primaries: 'smpte432', transfer: 'smpte2084' }
    const { file: fileOf } = await make(await striped([samplesOf(asPq, 'bt2020nc')], tags), SPECS.slice(0, 1))
    const found = await pixelAt(fileOf('poster'), 0.5, 0.5)
    const expected = shownColor(color, 'smpte432').map(v => 235 * toLinear(v / 255) ** (1 / 2.4))
    expect(distance(found, expected), `${found}, not ${expected}`).toBeLessThanOrEqual(5)
    const asBt2020 = shownColor(color, 'bt2020').map(v => 235 * toLinear(v / 255) ** (1 / 2.4))
    expect(distance(expected, asBt2020)).toBeGreaterThan(8)
  })
})
