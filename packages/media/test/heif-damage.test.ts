import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { heifOf, hevcPicture } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { damageOfHeif } from '../src/image/decoders/heif-damage.ts'
import { isAlpha } from '../src/image/decoders/heif-meta.ts'
import { isCompletePicture } from '../src/image/hevc/complete-picture.ts'
import { fileOf, processHere, stillImage } from './image-bed.ts'
import { CORPUS, noCorpus } from './pool.ts'

const MAX_PIXELS = 100_000_000
const HEIC = 'image/heic'

describe.skipIf(noCorpus)('a photo of a phone, which is made of 42 tiles', () => {
  const photo = () => readFile(path.join(CORPUS, 'heic-iphone-p3.heic'))

  it('of which one has a wrong byte is made, and says so', async () => {
    const whole = await processHere(await photo(), HEIC, [SMALL])
    expect(whole.warnings).toEqual([])
    const broken = await processHere(await withBrokenTiles(photo, 1), HEIC, [SMALL])
    expect(broken.warnings).toEqual([{ code: 'STREAM_DAMAGED', detail: '1 of 42 tiles is damaged.' }])
    // That it is one tile, or a part of it, is seen.
    const different = await differentPart(whole.files.v, broken.files.v)
    expect(different).toBeGreaterThan(0.002)
    expect(different).toBeLessThan(2 / 42)
  })

  it('of which more than a third is broken is refused', async () => {
    const made = await processHere(await withBrokenTiles(photo, 14), HEIC, [SMALL])
    expect(made.warnings).toEqual([{ code: 'STREAM_DAMAGED', detail: '14 of 42 tiles are damaged.' }])
    await expect(processHere(await withBrokenTiles(photo, 15), HEIC, [SMALL])).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: '15 of 42 tiles are damaged',
    })
  })
})

it.skipIf(noCorpus)('an image is refused for its opacity as well', async () => {
  const bytes = await readFile(path.join(CORPUS, 'heic-alpha.heic'))
  expect((await processHere(bytes, HEIC)).warnings).toEqual([])
  const data = bytes.indexOf('mdat') + 4
  // The first of its two images are the colours, the other one is the opacity.
  for (const at of [data + 1000, bytes.length - 200])
    await expect(processHere(withWrongByte(bytes, at), HEIC)).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
})

describe('an image in one piece', () => {
  it('with one wrong byte is refused, wherever it is', async () => {
    const coded = await hevcPicture({ width: 128, height: 128 })
    const bytes = heifOf(coded)
    expect((await processHere(bytes, HEIC)).warnings).toEqual([])
    const dataAt = bytes.length - coded.data.length
    const places = Array.from({ length: 40 }, (_, n) => dataAt + Math.floor(((n + 0.5) / 40) * coded.data.length))
    for (const at of places) {
      const answer = await processHere(withWrongByte(bytes, at), HEIC).catch(error => error)
      expect([at - dataAt, answer.code]).toEqual([at - dataAt, 'CORRUPT_FILE'])
    }
  })

  it('with an end that is missing is refused', async () => {
    const coded = await hevcPicture({ width: 128, height: 128 })
    const data = coded.data.subarray(0, -40)
    data.writeUInt32BE(data.length - 4, 0)
    await expect(processHere(heifOf({ ...coded, data }), HEIC)).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })

  it('may have words of zeros behind it', async () => {
    const coded = await hevcPicture({ width: 64, height: 64 })
    const data = Buffer.concat([coded.data, Buffer.from('000003000003', 'hex')])
    data.writeUInt32BE(data.length - 4, 0)
    expect(isCompletePicture(coded.config, data, MAX_PIXELS)).toBe(true)
  })
})

describe('an image that is whole is known to be', () => {
  it.each([
    ['yuv420p', 'wpp=1:crf=10'],
    ['yuv420p', 'wpp=1:crf=10:ctu=16'],
    ['yuv420p', 'wpp=1:slices=2:crf=10:ctu=16'],
    ['yuv420p', 'wpp=0:tskip=1:crf=4:tu-intra-depth=4'],
    ['yuv420p', 'wpp=0:lossless=1'],
    ['yuv420p', 'cu-lossless=1:crf=4:rd=5'],
    ['yuv420p', 'ctu=16:min-cu-size=8:crf=8'],
    ['yuv420p', 'ctu=32:no-sao=1:crf=20'],
    ['yuv420p', 'ctu=64:max-tu-size=8:crf=12'],
    ['yuv420p', 'no-signhide=1:crf=4'],
    ['yuv420p', 'aq-mode=3:qg-size=8:crf=12:rd=6'],
    ['yuv420p', 'no-deblock=1:crf=2'],
    ['yuv420p', 'scaling-list=default:crf=4'],
    ['yuv420p', 'constrained-intra=1:strong-intra-smoothing=0:crf=5'],
    ['yuv420p', 'qp=0'],
    ['yuv420p', 'crf=51'],
    ['yuv422p', 'crf=4'],
    ['yuv422p', 'crf=25:ctu=16'],
    ['yuv444p', 'crf=4:tu-intra-depth=4'],
    ['yuv444p', 'lossless=1'],
    ['yuv420p10le', 'crf=4'],
    ['yuv422p10le', 'crf=2'],
    ['yuv444p10le', 'crf=2'],
    ['yuv420p12le', 'crf=3'],
    ['gray', 'crf=4'],
    ['gray10le', 'crf=4'],
  ])('%s %s', async (as, params) => {
    // Neither is a multiple of a block.
    const { config, data } = await hevcPicture({ width: 200, height: 152, as, params, preset: 'medium' })
    expect(isCompletePicture(config, data, MAX_PIXELS)).toBe(true)
    const middle = withWrongByte(data, data.length >> 1)
    expect(isCompletePicture(config, middle, MAX_PIXELS)).toBe(false)
  })

  it('but of one that has what is not covered nothing is said', async () => {
    const params = 'crf=10:hrd=1:vbv-bufsize=5000:vbv-maxrate=5000'
    const { config, data } = await hevcPicture({ width: 128, height: 128, params })
    expect(isCompletePicture(config, data, MAX_PIXELS)).toBeNull()
    expect(isCompletePicture(config, data, 128 * 128 - 1)).toBeNull()
  })

  it('and nothing that is put into its header or its data makes it go on for ever', async () => {
    const { config, data } = await hevcPicture({ width: 128, height: 128, params: 'crf=20' })
    const random = randomOf(1)
    for (let n = 0; n < 400; n++) {
      const [head, body] = [Buffer.from(config), Buffer.from(data)]
      for (let count = 0; count < 3; count++) head[23 + Math.floor(random() * (head.length - 23))] = random() * 256
      if (n % 2 === 0) body[Math.floor(random() * body.length)] = random() * 256
      expect([true, false, null]).toContain(isCompletePicture(head, body, MAX_PIXELS))
    }
  })
})

describe('what would take a hundred times as long as the file is large is not looked at', () => {
  it('tiles that lie over each other', async () => {
    const coded = await hevcPicture({ width: 64, height: 64 })
    const bytes = heifOf({ ...coded, grid: { rows: 2, columns: 2, width: 128, height: 128 } })
    const damage = async () => damageOfHeif(await fileOf(bytes), bytes, MAX_PIXELS)
    expect(await damage()).toBeNull()
    const withLength = (tile: number) => bytes.indexOf('iloc') + 12 + (tile + 1) * LOCATION_BYTES - 4
    bytes.writeUInt32BE(coded.data.length - 1, withLength(4))
    expect(await damage().catch(error => error)).toBeNull()
    // Where the others are as long as the file lets them be, one that is too short is one that is broken.
    const long = Buffer.concat([bytes, Buffer.alloc(coded.data.length)])
    expect(await damageOfHeif(await fileOf(long), long, MAX_PIXELS)).toMatchObject({
      detail: '1 of 4 tiles is damaged.',
    })
  })

  it('a configuration of many kilobytes', async () => {
    const { config, data } = await hevcPicture({ width: 64, height: 64 })
    const withNals = (count: number) => {
      const array = Buffer.alloc(3 + 2 * count)
      array.writeUInt16BE(count, 1)
      const longer = Buffer.concat([config, array])
      longer[22] = (longer[22] ?? 0) + 1
      return longer
    }
    expect(isCompletePicture(withNals(100), data, MAX_PIXELS)).toBe(true)
    expect(isCompletePicture(withNals(20_000), data, MAX_PIXELS)).toBeNull()
  })

  it('the name of what an image is for, behind its beginning', () => {
    const named = (before: number) => ({
      type: 'auxC',
      bytes: Buffer.from(`\0\0\0\0urn:${'a'.repeat(before)}:alpha\0`),
    })
    expect(isAlpha(named(40))).toBe(true)
    expect(isAlpha(named(1000))).toBe(false)
  })
})

/** Of one item in one part, in an `iloc` of version 0. */
const LOCATION_BYTES = 14

const SMALL = stillImage({ width: 640 })

const randomOf = (first: number) => {
  let seed = first
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed / 2 ** 31
  }
}

function withWrongByte(bytes: Buffer, at: number): Buffer {
  const wrong = Buffer.from(bytes)
  wrong[at] = (wrong[at] ?? 0) ^ 0x5a
  return wrong
}

/** A byte in the middle of each of so many tiles: the phone stores them one behind the other, each as one slice. */
async function withBrokenTiles(photo: () => Promise<Buffer>, count: number): Promise<Buffer> {
  const bytes = await photo()
  let at = bytes.indexOf('mdat') + 4
  at = bytes.indexOf(Buffer.from([0x28, 0x01]), at) - 4
  for (let n = 0; n < count; n++) {
    const length = bytes.readUInt32BE(at)
    const middle = at + 4 + (length >> 1)
    bytes[middle] = (bytes[middle] ?? 0) ^ 0x5a
    at += 4 + length
  }
  return bytes
}

/** How much of two images is clearly not the same. */
async function differentPart(one: string | undefined, other: string | undefined): Promise<number> {
  const [a, b] = await Promise.all([one, other].map(file => sharp(file).greyscale().raw().toBuffer()))
  if (!a || !b || a.length !== b.length) throw new Error('the pictures have different sizes')
  return a.reduce((count, value, at) => count + (Math.abs(value - (b[at] ?? 0)) > 12 ? 1 : 0), 0) / a.length
}
