import { crc32 } from 'node:zlib'
import {
  BT709_FROM,
  deepAvif,
  fromLinear,
  heifOf,
  hevcPicture,
  type Matrix,
  nclx,
  pq,
  type Rgb,
  times,
  toLinear,
} from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pixelsOf, processHere, stillImage } from './image-bed.ts'

const P3 = BT709_FROM.smpte432
const BT2020 = BT709_FROM.bt2020
/** Of the light of a scene; 0.265 is diffuse white. */
const hlg = (light: number) =>
  light <= 1 / 12 ? Math.sqrt(3 * light) : 0.17883277 * Math.log(12 * light - 0.28466892) + 0.55991073
const shown = (linear: readonly number[], matrix: Matrix): number[] =>
  times(matrix, linear).map(value => Math.round(255 * fromLinear(Math.min(1, Math.max(0, value)))))

const SIDE = 32
const PATCHES: readonly Rgb[] = [
  [200, 50, 50],
  [64, 192, 64],
  [90, 100, 220],
  [128, 128, 128],
]
/** Four squares side by side, of signals from 0 to 1. */
const squares = (patches: readonly (readonly number[])[]): Buffer => {
  const samples = new Uint16Array(patches.length * SIDE * SIDE * 3)
  for (let at = 0; at < samples.length; at++) {
    const patch = Math.floor((Math.floor(at / 3) % (patches.length * SIDE)) / SIDE)
    samples[at] = Math.round((patches[patch]?.[at % 3] ?? 0) * 65_535)
  }
  return Buffer.from(samples.buffer)
}
const WIDTH = PATCHES.length * SIDE

const deepSharp = (pixels: Buffer) =>
  sharp(new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2), {
    raw: { width: WIDTH, height: SIDE, channels: 3 },
  })
const avif = (pixels: Buffer, bits: 8 | 10, color: Buffer) =>
  deepAvif({ width: WIDTH, height: SIDE, pixels, bits, properties: [color] })
/** x265 gets YCbCr of BT.2020, whatever the primaries are: the container names the matrix. */
const heic = async (pixels: Buffer, bits: 8 | 10, color: Buffer) => {
  const coded = await hevcPicture({
    width: WIDTH,
    height: SIDE,
    pixels,
    format: 'rgb48le',
    filter: 'zscale=m=bt2020nc:min=gbr:r=full:rin=full',
    as: bits === 8 ? 'yuv444p' : 'yuv444p10le',
  })
  return heifOf({ ...coded, properties: [color] })
}
const pngOf = async (pixels: Buffer, [primaries = 0, transfer = 0]: number[]) => {
  const plain = await deepSharp(pixels).toColourspace('rgb16').png().toBuffer()
  const chunk = Buffer.from([0, 0, 0, 4, ...Buffer.from('cICP'), primaries, transfer, 0, 1, 0, 0, 0, 0])
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 12)), 12)
  return Buffer.concat([plain.subarray(0, 33), chunk, plain.subarray(33)])
}

const FORMATS = {
  'AVIF of 8 bits': {
    type: 'image/avif',
    of: (pixels: Buffer, p: number, t: number) => avif(pixels, 8, nclx(p, t, 6)),
  },
  'AVIF of 10 bits': {
    type: 'image/avif',
    of: (pixels: Buffer, p: number, t: number) => avif(pixels, 10, nclx(p, t, 6)),
  },
  'HEIC of 8 bits': {
    type: 'image/heic',
    of: (pixels: Buffer, p: number, t: number) => heic(pixels, 8, nclx(p, t, 9)),
  },
  'HEIC of 10 bits': {
    type: 'image/heic',
    of: (pixels: Buffer, p: number, t: number) => heic(pixels, 10, nclx(p, t, 9)),
  },
  PNG: { type: 'image/png', of: (pixels: Buffer, p: number, t: number) => pngOf(pixels, [p, t]) },
}

async function patchesOf(file: Buffer, type: string, variant: object = {}): Promise<number[][]> {
  const { files } = await processHere(file, type, [stillImage(variant)])
  const { at, width } = await pixelsOf(files.v)
  return PATCHES.map((_, n) => at(Math.floor(((n + 0.5) * width) / PATCHES.length), 3).slice(0, 3))
}
const farthest = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  Math.max(...a.flatMap((patch, n) => patch.map((value, c) => Math.abs(value - (b[n]?.[c] ?? 999)))))

describe.each(Object.entries(FORMATS))('colours by number: %s', (name, { type, of }) => {
  const signals = PATCHES.map(patch => patch.map(v => v / 255))
  // A step of 8 bits in BT.2020 is several in sRGB.
  const close = name.includes('8 bits') ? 6 : 3

  it.each([
    ['Display P3', 12, P3],
    ['BT.2020', 9, BT2020],
  ] as const)('%s becomes sRGB', async (_title, primaries, matrix) => {
    const expected = signals.map(patch => shown(patch.map(toLinear), matrix))
    const made = await patchesOf(await of(squares(signals), primaries, 13), type)
    expect(farthest(made, expected), JSON.stringify({ made, expected })).toBeLessThanOrEqual(close)
  })

  it('sRGB stays as it is', async () => {
    const made = await patchesOf(await of(squares(signals), 1, 13), type)
    expect(farthest(made, PATCHES)).toBeLessThanOrEqual(3)
  })

  if (name.includes('8 bits')) return

  it.each([
    ['Display P3', 12, P3],
    ['BT.2020', 9, BT2020],
  ] as const)('PQ with %s is shown as bright as a video, and in its colours', async (_title, primaries, matrix) => {
    const white = toLinear(235 / 255)
    // What was shot at so many nits of diffuse white.
    const linear = PATCHES.map(patch => patch.map(v => toLinear(v / 255) * 0.9))
    const pixels = squares(linear.map(patch => patch.map(v => pq(203 * v))))
    const expected = linear.map(patch =>
      shown(
        patch.map(v => v * white),
        matrix,
      ),
    )
    const made = await patchesOf(await of(pixels, primaries, 16), type)
    expect(farthest(made, expected), JSON.stringify({ made, expected })).toBeLessThanOrEqual(4)
  })

  it('PQ: diffuse white is nearly white, and what is brighter is still told apart', async () => {
    const pixels = squares([203, 400, 1000, 2000].map(nits => [pq(nits), pq(nits), pq(nits)]))
    const made = (await patchesOf(await of(pixels, 9, 16), type)).map(([, green = 0]) => green)
    expect(Math.abs((made[0] ?? 0) - 235), String(made)).toBeLessThanOrEqual(3)
    for (const n of [1, 2]) expect(made[n], String(made)).toBeGreaterThan((made[n - 1] ?? 0) + 2)
    expect(made[2]).toBeGreaterThanOrEqual(250)
  })

  it('HLG: diffuse white is nearly white, and greys are in proportion', async () => {
    // A screen of 1000 nits shows the light of a scene to the power of 1.2.
    const lights = [0.265, 0.265 / 4, 0.265 / 16, 0]
    const pixels = squares(lights.map(light => [hlg(light), hlg(light), hlg(light)]))
    const made = (await patchesOf(await of(pixels, 9, 18), type)).map(([, green = 0]) => green)
    const expected = lights.map(light => 255 * fromLinear(toLinear(235 / 255) * (light / 0.265) ** 1.2))
    expect(farthest([made], [expected]), JSON.stringify({ made, expected })).toBeLessThanOrEqual(4)
  })
})

it('a smaller image has the same colours, and so has one that keeps a wide gamut', async () => {
  const signals = PATCHES.map(patch => patch.map(v => v / 255))
  const file = await avif(squares(signals), 10, nclx(12, 13, 6))
  const small = await patchesOf(file, 'image/avif', { width: 40 })
  expect(
    farthest(
      small,
      signals.map(patch => shown(patch.map(toLinear), P3)),
    ),
  ).toBeLessThanOrEqual(4)
  const { files } = await processHere(file, 'image/avif', [stillImage({ colors: 'keep' })])
  const { at } = await pixelsOf(files.v)
  expect(
    farthest(
      PATCHES.map((_, n) => at(n * SIDE + 9, 9).slice(0, 3)),
      PATCHES,
    ),
  ).toBeLessThanOrEqual(4)
  expect((await sharp(files.v).metadata()).icc?.length).toBeGreaterThan(100)
})
