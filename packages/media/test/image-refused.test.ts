import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { clap, heifOf, hevcPicture, tiffOf } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { MediaFault, toFault } from '../src/fault.ts'
import { processHere, stillImage } from './image-bed.ts'
import * as hostile from './image-hostile-files.ts'
import { CORPUS, noCorpus } from './pool.ts'

const ramp = Buffer.from(Array.from({ length: 16 * 4 * 4 }, (_, n) => n & 255))
const tiff = (bits: number, tags: [number, number[]][] = [], channels = 1) =>
  tiffOf([{ width: 16, height: 4, bits, channels, data: ramp.subarray(0, (64 * bits * channels) / 8), tags }], {
    dataLast: false,
  })

const refusal = async (bytes: Buffer | string, type: string) => {
  try {
    await processHere(bytes, type, [stillImage({ width: 64 })])
  } catch (error) {
    return toFault(error, { code: 'INTERNAL', detail: 'no fault of the media' })
  }
  return { code: 'made', detail: '', said: '' }
}

describe('a TIFF', () => {
  it.each([
    [
      'old-style JPEG',
      () =>
        tiff(8, [
          [259, [6]],
          [262, [6]],
        ]),
    ],
    ['CIE L*a*b*', () => tiff(8, [[262, [8]]], 3)],
    ['signed numbers', () => tiff(8, [[339, [2]]])],
    ['signed numbers', () => tiff(16, [[339, [2]]])],
    ['signed numbers', () => tiff(32, [[339, [2]]])],
    ['numbers of 32 bits', () => tiff(32)],
    ['floating point numbers', () => tiff(32, [[339, [3]]])],
  ])('with %s is of no type that is taken', async (what, make) => {
    expect(await refusal(make(), 'image/tiff')).toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      detail: `TIFF files with ${what} are not supported`,
    })
  })

  it('with whole numbers of 8 and 16 bits is taken', async () => {
    for (const bits of [8, 16]) expect((await refusal(tiff(bits), 'image/tiff')).code).toBe('made')
  })
})

describe('no path', () => {
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)
  const busy = () =>
    sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#456',
        noise: { type: 'gaussian', sigma: 50, mean: 100 },
      },
    })
  const FILES: [string, () => Promise<Buffer> | Buffer | string][] = [
    ['image/jpeg', () => hostile.jpegOfClaimedSize(0xfafa, 0xfafa)],
    ['image/jpeg', async () => half(await busy().jpeg().toBuffer())],
    ['image/png', () => hostile.pngOfClaimedSize(5000, 5000)],
    ['image/png', async () => half(await busy().png().toBuffer())],
    ['image/gif', () => 'GIF89a/*          */=1;alert(1)//'],
    ['image/gif', async () => half(await busy().gif().toBuffer())],
    ['image/webp', async () => half(await busy().webp().toBuffer())],
    ['image/avif', async () => half(await busy().avif({ effort: 0 }).toBuffer())],
    ['image/avif', async () => (await busy().avif({ effort: 0 }).toBuffer()).subarray(0, 200)],
    ['image/tiff', () => hostile.tiffOfPages(3, true)],
    [
      'image/tiff',
      () =>
        tiff(8, [
          [270, Array<number>(9).fill(1)],
          [273, [900_000]],
        ]),
    ],
    ['image/tiff', async () => half(await busy().tiff().toBuffer())],
    ['image/jxl', () => hostile.jxlOfClaimedSize(5000)],
    ['image/svg+xml', () => '<svg width="9" height="9"><g'],
    [
      'image/heic',
      () => heifOf({ type: 'hvc1', config: Buffer.alloc(23), data: Buffer.alloc(40), width: 64, height: 64 }),
    ],
  ]

  it('stands in what is said of any hostile image, to owners or to admins', async () => {
    for (const [type, make] of FILES) {
      const fault = await refusal(await make(), type)
      expect([type, fault.code]).not.toEqual([type, 'made'])
      expect([type, `${fault.detail} ${fault.said}`]).toEqual([
        type,
        expect.not.stringMatching(/\/(tmp|run-|home|work|var)|source|\/file\b/),
      ])
    }
  })

  it.skipIf(noCorpus)('stands in what is said of a HEIC that was cut', async () => {
    const heic = await readFile(path.join(CORPUS, 'heic-alpha.heic'))
    for (const part of [300, 700, 3000]) {
      const fault = await refusal(heic.subarray(0, part), 'image/heic')
      expect(`${fault.detail} ${fault.said}`).not.toMatch(/\/(tmp|run-|home|work)|\/file\b/)
    }
  })

  it.each([
    ['/var/lib/darkroom/job-1/source: bad seek to 900', 'the file: bad seek to 900'],
    ['cannot open "C:\\temp\\job\\a.tif"', 'cannot open "the file"'],
    ['The content is image/png, not image/jpeg', 'The content is image/png, not image/jpeg'],
    ['1/2 of it; 4000/3000', '1/2 of it; 4000/3000'],
  ])('is left in "%s"', (said, left) => {
    const fault = toFault(new MediaFault('CORRUPT_FILE', said, { cause: said }), { code: 'INTERNAL', detail: '' })
    expect([fault.detail, fault.said]).toEqual([left, left])
  })
})

describe('a HEIC', () => {
  it('of 200 megapixels in tiles has too many pixels', async () => {
    const tile = await hevcPicture({ width: 512, height: 512 })
    const grid = heifOf({ ...tile, grid: { rows: 24, columns: 32, width: 16_320, height: 12_240 } })
    expect(await refusal(grid, 'image/heic')).toMatchObject({ code: 'TOO_MANY_PIXELS' })
  })

  it('of which a small part is shown is measured by what has to be decoded for it', async () => {
    const tile = await hevcPicture({ width: 64, height: 64 })
    const shown = heifOf({ ...tile, width: 20_000, height: 10_000, properties: [clap(10, 10, 0, 0)] })
    expect(await refusal(shown, 'image/heic')).toMatchObject({ code: 'TOO_MANY_PIXELS' })
  })

  it('of a few tiles of the same make is taken', async () => {
    const tile = await hevcPicture({ width: 64, height: 64 })
    const grid = heifOf({ ...tile, grid: { rows: 2, columns: 3, width: 190, height: 120 } })
    expect(await refusal(grid, 'image/heic')).toMatchObject({ code: 'made' })
  })

  it('of more tiles than are taken is not called damaged', async () => {
    const tile = await hevcPicture({ width: 64, height: 64 })
    const grid = heifOf({ ...tile, grid: { rows: 16, columns: 16, width: 1024, height: 1024 } })
    expect(await refusal(grid, 'image/heic')).toMatchObject({
      code: 'UNSUPPORTED_TYPE',
      detail: 'HEIC and AVIF with more than 256 items are not supported',
    })
  })
})
