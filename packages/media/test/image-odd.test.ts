import { tiffOf } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { noise, pixelsOf, processHere } from './image-bed.ts'

const WIDTH = 64
const HEIGHT = 48
/** The same each time: where the last pixel ends with a byte, a decoder does not look for an end marker. */
const PIXELS = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => Math.imul(at ^ (at >>> 3), 2_654_435_761) >>> 24),
)
const jpeg = async (options = {}) =>
  await sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 90, ...options })
    .toBuffer()
const TABLES_END = 2 + 2 + 67
/** Behind the first segment of what sharp writes: its quantization table. */
const withBytes = (bytes: Buffer, hex: string) =>
  Buffer.concat([bytes.subarray(0, TABLES_END), Buffer.from(hex, 'hex'), bytes.subarray(TABLES_END)])
const codeOf = async (bytes: Buffer, type = 'image/jpeg') =>
  await processHere(bytes, type).then(
    ({ warnings }) => warnings.map(({ code }) => code).join() || 'made',
    error => error.code,
  )

/** Mean difference of a channel between what is made of two files. */
async function difference(bytes: Buffer, whole: Buffer, type: string): Promise<number> {
  const raw = async (of: Buffer) =>
    await sharp((await processHere(of, type)).files.v)
      .removeAlpha()
      .raw()
      .toBuffer()
  const [made, expected] = [await raw(bytes), await raw(whole)]
  expect(made.length).toBe(expected.length)
  return made.reduce((sum, value, at) => sum + Math.abs(value - (expected[at] ?? 0)), 0) / made.length
}

describe('a JPEG that is odd but whole', () => {
  it.each([
    ['bytes between segments', (bytes: Buffer) => withBytes(bytes, '1111111111'), '5 unknown bytes in the header'],
    [
      'a segment that says nothing',
      (bytes: Buffer) => withBytes(bytes, 'ffee000e41646f626500640000000009'),
      'unknown colour transform',
    ],
    [
      "a short segment of Adobe's",
      (bytes: Buffer) => withBytes(bytes, 'ffee000e41646f626500'),
      'shorter than its length says',
    ],
    ['no end', (bytes: Buffer) => bytes.subarray(0, -2), 'end marker is missing'],
  ])('%s: it is decoded to the same pixels, and said', async (_title, change, words) => {
    for (const progressive of [false, true]) {
      const whole = await jpeg({ progressive })
      const odd = change(whole)
      const { warnings } = await processHere(odd, 'image/jpeg')
      expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringContaining(words) }])
      expect(await difference(odd, whole, 'image/jpeg')).toBe(0)
    }
  })

  it('says the same thing once, however often it is found', async () => {
    const odd = withBytes(await jpeg(), 'ffee000e41646f626500640000000009'.repeat(7))
    const { warnings } = await processHere(odd, 'image/jpeg')
    expect(warnings[0]?.detail.match(/unknown colour transform/g)).toHaveLength(1)
  })

  it('is refused when a part of its pixels is missing, with an end or without', async () => {
    const whole = await jpeg()
    for (const missing of [3, 10, 400]) {
      const cut = whole.subarray(0, -missing)
      expect([missing, await codeOf(cut)]).toEqual([missing, 'TRUNCATED_FILE'])
      expect(await codeOf(Buffer.concat([cut, Buffer.from('ffd9', 'hex')]))).toBe('CORRUPT_FILE')
    }
  })

  it('is refused when it ends between two scans, which shows only as a blur', async () => {
    const whole = await jpeg({ progressive: true })
    const scans: number[] = []
    for (let at = whole.indexOf(SCAN); at !== -1; at = whole.indexOf(SCAN, at + 1)) scans.push(at)
    expect(scans.length).toBeGreaterThan(3)
    // Tables of their own stand in front of scans.
    for (const at of scans.slice(1)) expect(await codeOf(whole.subarray(0, at))).toBe('TRUNCATED_FILE')
  })

  it('is refused when damage lies in its pixels', async () => {
    const damaged = await jpeg()
    // A marker that has no place among them: other bytes may be pixels too, only others.
    damaged.set([0xff, 0xd0], damaged.length >> 1)
    expect(await codeOf(damaged)).toBe('CORRUPT_FILE')
  })

  it('of a camera with a second image behind the first is as it was', async () => {
    expect(await codeOf(Buffer.concat([await jpeg(), await jpeg()]))).toBe('made')
  })
})
const SCAN = Buffer.from('ffda', 'hex')

describe('a TIFF that is odd but whole', () => {
  const data = Buffer.from(Array.from({ length: 16 * 4 }, (_, n) => n * 4))
  const tiff = (tags: [number, number[]][]) => tiffOf([{ width: 16, height: 4, data, tags }], { dataLast: true })
  const unordered = () => {
    const bytes = tiff([])
    const at = bytes.readUInt32LE(4) + 2
    const first = Buffer.from(bytes.subarray(at, at + 12))
    bytes.copyWithin(at, at + 12, at + 24)
    first.copy(bytes, at + 12)
    return bytes
  }

  it.each([
    ['a resolution of three numbers', () => tiff([[282, [1, 2, 3]]]), '1 tags'],
    ['tags in no order', unordered, 'tags were sorted'],
  ])('%s: it is decoded to its pixels, and said', async (_title, make, words) => {
    const { files, warnings } = await processHere(make(), 'image/tiff')
    expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringContaining(words) }])
    const { at } = await pixelsOf(files.v)
    expect([at(0, 0)[0], at(5, 1)[0], at(15, 3)[0]]).toEqual([0, 84, 252])
  })

  it('with tags that nobody knows is nothing to speak of', async () => {
    expect(await codeOf(tiff([[65_000, [7]]]), 'image/tiff')).toBe('made')
  })
})

describe('a GIF that stands still', () => {
  it.each([1, 2])('and lacks its last %i bytes, which hold no pixels, is whole, and that is said', async missing => {
    const whole = await sharp(await noise(WIDTH, HEIGHT))
      .gif()
      .toBuffer()
    const { warnings } = await processHere(whole.subarray(0, -missing), 'image/gif')
    expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringContaining('image is complete') }])
    expect(await difference(whole.subarray(0, -missing), whole, 'image/gif')).toBe(0)
  })

  it('is refused when it ends between two pieces of its data', async () => {
    const whole = await sharp(await noise(WIDTH, HEIGHT))
      .gif()
      .toBuffer()
    const flags = whole[10] ?? 0
    const dataAt = 13 + 3 * 2 ** ((flags & 7) + 1) + 8 + 10 + 1
    const ends: number[] = []
    for (let at = dataAt; whole[at]; at += 1 + (whole[at] ?? 0)) ends.push(at)
    expect(ends.length).toBeGreaterThan(3)
    for (const end of ends.slice(1)) expect(await codeOf(whole.subarray(0, end), 'image/gif')).toBe('TRUNCATED_FILE')
  })
})

describe('a WebP that lacks the byte that makes its last chunk even', () => {
  const riff = (chunks: Buffer) => {
    const bytes = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), chunks])
    bytes.writeUInt32LE(bytes.length - 8, 4)
    return bytes
  }
  it.each([
    ['and counts it', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['and does not', (bytes: Buffer) => riff(bytes.subarray(12, -1))],
  ])('%s is whole, and that is said', async (_title, cut) => {
    const still = await sharp(await noise(WIDTH, HEIGHT))
      .webp({ lossless: true })
      .toBuffer()
    const words = Buffer.from('what nobody knows')
    const chunk = Buffer.concat([Buffer.from('what'), Buffer.from([words.length, 0, 0, 0]), words, Buffer.alloc(1)])
    const whole = riff(Buffer.concat([still.subarray(12), chunk]))
    expect(await codeOf(whole, 'image/webp')).toBe('made')
    const { warnings } = await processHere(cut(whole), 'image/webp')
    expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringContaining('Only the padding byte') }])
    expect(await difference(cut(whole), whole, 'image/webp')).toBe(0)
  })
})

it('a PNG that is cut in its pixels is refused, and nobody is told before that it is whole', async () => {
  const whole = await noise(WIDTH, HEIGHT)
  const warnings: unknown[] = []
  for (const part of [0.5, 0.9]) {
    const cut = whole.subarray(0, whole.length * part)
    const refused = processHere(cut, 'image/png', undefined, undefined, warning => warnings.push(warning))
    await expect(refused).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  }
  expect(warnings).toEqual([])
})

it('a PNG without its last chunk is whole, and that is said', async () => {
  const whole = await noise(WIDTH, HEIGHT)
  expect(await codeOf(whole.subarray(0, -12), 'image/png')).toBe('SOURCE_REPAIRED')
  expect(await difference(whole.subarray(0, -12), whole, 'image/png')).toBe(0)
  expect(await codeOf(Buffer.concat([whole, Buffer.from('behind')]), 'image/png')).toBe('made')
})
