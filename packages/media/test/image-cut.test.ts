import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { tiffOf } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { noise, pixelsOf, processHere, stillImage } from './image-bed.ts'
import { CORPUS, noCorpus } from './pool.ts'

const WIDTH = 64
const HEIGHT = 48
/** Squares of many colours, so that a part of the file is a part of the image. */
const busy = (frames = 1) => {
  const colorOf = (n: number) => {
    const [x, y] = [(Math.floor(n / 3) % WIDTH) >> 3, Math.floor(n / 3 / WIDTH) >> 3]
    return ((x * 7 + y * 13) * 5 + (n % 3) * 60) & 255
  }
  const data = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 * frames }, (_, n) => colorOf(n)))
  const raw = { width: WIDTH, height: HEIGHT * frames, channels: 3, pageHeight: HEIGHT } as const
  return sharp(data, { raw })
}
const delay = Array<number>(44).fill(50)
const SOURCES = {
  'image/gif': () => busy().gif().toBuffer(),
  'image/webp': () => busy().webp().toBuffer(),
  'image/avif': () => busy().avif({ effort: 0 }).toBuffer(),
  'image/jpeg': () => noise(WIDTH, HEIGHT).then(png => sharp(png).jpeg().toBuffer()),
  'image/png': () => busy().png().toBuffer(),
  'image/tiff': () => busy().tiff({ compression: 'lzw' }).toBuffer(),
}
const firstPart = (bytes: Buffer, part: number) => bytes.subarray(0, Math.floor(bytes.length * part))
const codeOf = async (bytes: Buffer, type: string) => {
  const made = await processHere(bytes, type).catch(error => error)
  return made.code ?? 'made'
}

describe('an image that stands still and is cut', () => {
  it.each(Object.entries(SOURCES))('is refused as truncated: %s', async (type, make) => {
    const bytes = await make()
    expect(await codeOf(bytes, type)).toBe('made')
    for (const part of [0.4, 0.7, 0.95])
      expect([part, await codeOf(firstPart(bytes, part), type)]).toEqual([part, 'TRUNCATED_FILE'])
  })

  it.skipIf(noCorpus).each([
    ['heic-alpha.heic', 'image/heic', [0.1, 0.6, 0.95]],
    ['jxl-small.jxl', 'image/jxl', [0.6, 0.95]],
    ['tiff-2page-bilevel.tif', 'image/tiff', [0.1, 0.5]],
  ] as const)('is refused as truncated: %s', async (name, type, parts) => {
    const bytes = await readFile(path.join(CORPUS, name))
    for (const part of parts)
      expect([part, await codeOf(firstPart(bytes, part), type)]).toEqual([part, 'TRUNCATED_FILE'])
  })
})

describe('an animation that is cut', () => {
  const made = (bytes: Buffer, type: string) =>
    processHere(bytes, type, [{ name: 'moving', type: 'animation', format: 'webp', quality: 95 }, stillImage({})])

  it.each([
    ['image/gif', 0.42, 18, 'one that is torn was left out', () => busy(44).gif({ delay }).toBuffer()],
    ['image/webp', 0.5, 22, 'bytes are missing', () => busy(44).webp({ delay, lossless: true }).toBuffer()],
  ] as const)('%s keeps the frames that are whole, and says so', async (type, part, frames, words, make) => {
    const whole = await make()
    const { facts, files, warnings } = await made(firstPart(whole, part), type)
    const found = facts.kind === 'image' ? facts : undefined
    expect(found?.animated).toBe(true)
    // Where it is cut depends on how well the encoder did.
    const kept = found?.frameCount ?? 0
    expect(Math.abs(kept - frames)).toBeLessThan(3)
    expect(warnings).toEqual([
      { code: 'SOURCE_TRUNCATED', detail: expect.stringMatching(`^${kept} frames are whole.*${words}`) },
    ])
    const moving = files.moving ?? ''
    expect(await sharp(moving).metadata()).toMatchObject({ pages: kept, delay: delay.slice(0, kept) })
    const last = (file: string | Buffer) =>
      sharp(file, { page: kept - 1 })
        .removeAlpha()
        .raw()
        .toBuffer()
    const expected = await last(whole)
    // WebP halves the resolution of colours; the next frame is 60 away.
    const difference = (await last(moving)).reduce((sum, value, at) => sum + Math.abs(value - (expected[at] ?? 0)), 0)
    expect(difference / expected.length).toBeLessThan(20)
  })

  it('that lacks only its end mark keeps all of its frames', async () => {
    const whole = await busy(5)
      .gif({ delay: delay.slice(0, 5) })
      .toBuffer()
    const { facts, warnings } = await made(whole.subarray(0, -1), 'image/gif')
    expect(facts).toMatchObject({ frameCount: 5 })
    expect(warnings).toMatchObject([
      { code: 'SOURCE_TRUNCATED', detail: expect.stringContaining('5 frames are whole') },
    ])
  })

  it('that lacks the end of its last frame keeps that frame too', async () => {
    const whole = await busy(5)
      .gif({ delay: delay.slice(0, 5) })
      .toBuffer()
    const { facts, warnings } = await made(whole.subarray(0, -2), 'image/gif')
    expect(facts).toMatchObject({ frameCount: 5 })
    expect(warnings).toMatchObject([
      { code: 'SOURCE_TRUNCATED', detail: expect.stringMatching(/^5 frames are whole, and the end is missing/) },
    ])
  })

  it('with something behind its end is whole', async () => {
    const whole = await busy(3)
      .gif({ delay: delay.slice(0, 3) })
      .toBuffer()
    const { facts, warnings } = await made(Buffer.concat([whole, Buffer.from('behind it')]), 'image/gif')
    expect(facts).toMatchObject({ frameCount: 3 })
    expect(warnings).toEqual([])
  })

  it('in its first frame is refused', async () => {
    const whole = await busy(44).gif({ delay }).toBuffer()
    expect(await codeOf(firstPart(whole, 0.01), 'image/gif')).toBe('TRUNCATED_FILE')
  })
})

describe('a TIFF of several pages that is cut', () => {
  const page = (value: number) => ({ width: 8, height: 8, data: Buffer.alloc(64, value) })
  const pages = tiffOf([page(10), page(100), page(200)], { dataLast: true })

  it('keeps the pages that are whole, and says how many there were', async () => {
    const { facts, files, warnings } = await processHere(pages.subarray(0, -70), 'image/tiff')
    expect(facts).toMatchObject({ pageCount: 1 })
    expect(warnings).toEqual([{ code: 'SOURCE_TRUNCATED', detail: '1 of 3 pages are whole.' }])
    expect((await pixelsOf(files.v)).at(3, 3).slice(0, 1)).toEqual([10])
  })

  it('whose first page is torn is refused', async () => {
    expect(await codeOf(pages.subarray(0, -64 * 2 - 10), 'image/tiff')).toBe('TRUNCATED_FILE')
  })

  it('whose directories are missing keeps the pages in front of them', async () => {
    const behind = tiffOf([page(10), page(100), page(200)], { dataLast: false })
    const { facts, warnings } = await processHere(behind.subarray(0, -20), 'image/tiff')
    expect(facts).toMatchObject({ pageCount: 2 })
    expect(warnings).toMatchObject([{ detail: '2 pages are whole. How many there were is not known.' }])
  })
})

it('a file is read as it is when nothing is missing', async () => {
  for (const [type, make] of Object.entries(SOURCES)) {
    const { warnings } = await processHere(await make(), type)
    expect([type, warnings]).toEqual([type, []])
  }
})
