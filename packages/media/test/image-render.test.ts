import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { BLUE, fourColors, GREEN, noise, pixelsOf, processBytes, RED, stillImage, YELLOW } from './image-bed.ts'
import { markedLimits, usePool } from './pool.ts'

const pool = usePool(markedLimits())

const make = async (bytes: Buffer, variant: object, type = 'image/png') => {
  const { variants, reports } = await processBytes(pool, bytes, type, stillImage(variant))
  return { file: variants[0]?.file, error: reports.map(report => ('error' in report ? report.error.code : null))[0] }
}
const pixels = async (bytes: Buffer, variant: object, type?: string) =>
  pixelsOf((await make(bytes, variant, type)).file)

describe('position', () => {
  it.each([
    ['the middle', 'center', [RED, GREEN]],
    ['a point on the left', { x: 0, y: 0.5 }, [RED, RED]],
    ['a point on the right', { x: 1, y: 0.5 }, [GREEN, GREEN]],
    ['a point between', { x: 0.5, y: 0 }, [RED, GREEN]],
  ])('cover keeps %s', async (_title, position, [left, right]) => {
    const { width, height, at } = await pixels(await fourColors(400, 100), {
      width: 50,
      height: 50,
      fit: 'cover',
      position,
    })
    expect([width, height, at(1, 1), at(48, 1)]).toEqual([50, 50, left, right])
  })

  it('cover keeps a point above or below', async () => {
    const bytes = await fourColors(100, 400)
    const box = { width: 50, height: 50, fit: 'cover' }
    expect((await pixels(bytes, { ...box, position: { x: 0.5, y: 0.1 } })).at(1, 48)).toEqual(RED)
    expect((await pixels(bytes, { ...box, position: { x: 0.5, y: 0.9 } })).at(1, 1)).toEqual(BLUE)
  })

  it.each([
    ['the middle', 'center', RED, GREEN],
    ['a point on the right', { x: 1, y: 0.5 }, GREEN, GREEN],
  ])('cover keeps %s inside of a padding', async (_title, position, left, right) => {
    const box = { width: 50, height: 50, fit: 'cover', padding: 5, background: '#ffffff' }
    const { width, height, at } = await pixels(await fourColors(400, 100), { ...box, position })
    expect([width, height, at(2, 25), at(47, 25)]).toEqual([50, 50, [255, 255, 255], [255, 255, 255]])
    expect([at(7, 7), at(42, 7)]).toEqual([left, right])
  })

  it.each(['attention', 'entropy'])('cover finds what there is to see by %s', async position => {
    const busy = await sharp(await noise(60, 60)).toBuffer()
    const bytes = await sharp({ create: { width: 600, height: 100, channels: 3, background: '#777' } })
      .composite([{ input: busy, left: 530, top: 20 }])
      .png()
      .toBuffer()
    const { file } = await make(bytes, { width: 100, height: 100, fit: 'cover', position })
    const { entropy } = await sharp(file).stats()
    expect(entropy).toBeGreaterThan(1)
  })
})

describe('crop', () => {
  it('is cut out of the upright image, and may end beyond it', async () => {
    const bytes = await sharp(await fourColors(200, 100))
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    // Upright it is 100 × 200: blue, red above yellow, green.
    const { width, height, at } = await pixels(
      bytes,
      { crop: { left: 60, top: 0, width: 90, height: 40 } },
      'image/jpeg',
    )
    expect([width, height]).toEqual([40, 40])
    expect(at(20, 20).map(v => Math.round(v / 255))).toEqual([1, 0, 0])
  })

  it('is shrunk to the wanted size, beside others and the whole image', async () => {
    const bytes = await fourColors(400, 400)
    const { variants } = await processBytes(
      ...([pool, bytes, 'image/png'] as const),
      stillImage({ width: 20, crop: { left: 220, top: 220, width: 100, height: 50 } }, 'yellow'),
      stillImage({ width: 30, crop: { left: 10, top: 220, width: 30, height: 60 } }, 'blue'),
      stillImage({ width: 40 }, 'whole'),
    )
    const made = await Promise.all(variants.map(async ({ name, file }) => ({ name, ...(await pixelsOf(file)) })))
    expect(
      made.map(({ name, width, height, at }) => [name, width, height, at(0, 0), at(width - 1, height - 1)]),
    ).toEqual([
      ['yellow', 20, 10, YELLOW, YELLOW],
      ['whole', 40, 40, RED, YELLOW],
      ['blue', 30, 60, BLUE, BLUE],
    ])
  })
})

describe('canvas', () => {
  it('pad puts the image into the middle of the box, transparent where the format can be', async () => {
    const { width, height, channels, at } = await pixels(await fourColors(100, 50), {
      width: 80,
      height: 80,
      fit: 'pad',
    })
    expect([width, height, channels]).toEqual([80, 80, 4])
    expect([at(40, 5)[3], at(5, 25), at(75, 55)]).toEqual([0, [...RED, 255], [...YELLOW, 255]])
  })

  it('pad leaves a small image as it is', async () => {
    const { at } = await pixels(await fourColors(20, 20), { width: 80, height: 60, fit: 'pad', background: '#102030' })
    expect([at(29, 30), at(30, 20), at(49, 39), at(50, 30)]).toEqual([
      [16, 32, 48],
      [...RED],
      [...YELLOW],
      [16, 32, 48],
    ])
  })

  it('padding surrounds the image with background', async () => {
    const { width, height, channels, at } = await pixels(await fourColors(400, 200), {
      width: 100,
      height: 100,
      padding: 10,
      background: '#ffffff',
    })
    expect([width, height, channels]).toEqual([100, 60, 3])
    expect([at(9, 30), at(11, 11), at(88, 48), at(50, 55)]).toEqual([
      [255, 255, 255],
      [...RED],
      [...YELLOW],
      [255, 255, 255],
    ])
  })

  it('background shows through what is transparent', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 }
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 4, background: clear } })
      .png()
      .toBuffer()
    const { channels, at } = await pixels(bytes, { background: '#0a141e' })
    expect([channels, at(4, 4)]).toEqual([3, [10, 20, 30]])
  })
})

describe('watermark', () => {
  const grey = sharp({ create: { width: 400, height: 300, channels: 3, background: '#808080' } })
    .png()
    .toBuffer()
  const brightest = async (file: string | undefined, region: { left: number; top: number }) => {
    const { channels } = await sharp(
      await sharp(file)
        .extract({ ...region, width: 200, height: 150 })
        .toBuffer(),
    ).stats()
    return channels[0]?.max ?? 0
  }

  it('writes text into the corner, as opaque as wanted, and adds no alpha', async () => {
    const watermark = { text: '© <b>A&B</b> "ü"', position: 'north-west', opacity: 0.5, scale: 0.2 }
    const { file } = await make(await grey, { watermark })
    expect((await sharp(file).metadata()).hasAlpha).toBe(false)
    const peak = await brightest(file, { left: 0, top: 0 })
    expect(peak).toBeGreaterThan(185)
    expect(peak).toBeLessThan(205)
    expect(await brightest(file, { left: 200, top: 150 })).toBe(128)
  })

  it('shrinks text that is wider than the image', async () => {
    const watermark = { text: 'W'.repeat(80), scale: 0.5, opacity: 1 }
    const { file, error } = await make(await grey, { watermark })
    expect(error).toBeNull()
    expect(await brightest(file, { left: 200, top: 150 })).toBeGreaterThan(220)
    expect(await brightest(file, { left: 200, top: 0 })).toBe(128)
  })

  it('fits on an image of one pixel', async () => {
    const { error } = await make(await fourColors(1, 1), { watermark: { text: 'x' } })
    expect(error).toBeNull()
  })
})

describe('budget', () => {
  it.each(['webp', 'jpeg', 'avif'])('lowers the quality of %s until the file fits', async format => {
    const bytes = await noise(64, 64)
    const best = (await readFile((await make(bytes, { format, quality: 90 })).file ?? '')).length
    const maxBytes = Math.round(best * 0.6)
    const fitting = (await readFile((await make(bytes, { format, quality: 90, maxBytes })).file ?? '')).length
    expect(fitting).toBeLessThanOrEqual(maxBytes)
    expect(fitting).toBeGreaterThan(maxBytes * 0.7)
  })

  it('leaves what fits already as it is', async () => {
    const bytes = await noise(50, 50)
    const [without, within] = await Promise.all([
      make(bytes, { format: 'webp' }),
      make(bytes, { format: 'webp', maxBytes: 100_000 }),
    ])
    expect(await readFile(within.file ?? '')).toEqual(await readFile(without.file ?? ''))
  })

  it('takes colours from a PNG', async () => {
    const { file } = await make(await noise(200, 200), { maxBytes: 45_000, effort: 1 })
    expect((await sharp(file).metadata()).isPalette).toBe(true)
  })

  it('fails the variant that does not fit at the lowest quality', async () => {
    expect(await make(await noise(300, 300), { format: 'webp', maxBytes: 500 })).toMatchObject({
      error: 'OUTPUT_TOO_LARGE',
    })
  })
})

describe('copyright', () => {
  const bytes = sharp({ create: { width: 40, height: 30, channels: 3, background: '#456' } })
    .jpeg()
    .withExif({
      IFD0: { Artist: 'Ada Lovelace', Copyright: '(C) 1843', Make: 'Engine', Software: 'Notes' },
      IFD2: { BodySerialNumber: 'S123456' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
    })
    .toBuffer()
  const exifOf = async (variant: object) => {
    const { file } = await make(await bytes, variant, 'image/jpeg')
    return (await sharp(file).metadata()).exif?.toString('latin1')
  }

  it.each(['jpeg', 'webp', 'png', 'avif'])(
    'is kept in %s when the preset says so, and nothing else is',
    async format => {
      const exif = await exifOf({ format, keepCopyright: true })
      expect(exif).toContain('Ada Lovelace')
      expect(exif).toContain('(C) 1843')
      expect(exif).not.toMatch(/Engine|Notes|S123456/)
    },
  )

  it('is gone otherwise', async () => {
    expect(await exifOf({ format: 'jpeg' })).toBeUndefined()
  })
})

it.each([
  ['webp', 16_383],
  ['avif', 16_384],
  ['jpeg', 20_000],
  ['png', 20_000],
])('a long image fits into a %s', async (format, longest) => {
  const long = await sharp({ create: { width: 100, height: 20_000, channels: 3, background: '#f80' } })
    .png()
    .toBuffer()
  const { width, height } = await sharp((await make(long, { format, width: 100, effort: 0 })).file).metadata()
  expect([width, height]).toEqual([Math.round((100 * longest) / 20_000), longest])
})

// AVIF is missing: the ffprobe of Debian 12 does not read it.
it.each(['jpeg', 'webp', 'png'])('%s opens in an independent decoder', async format => {
  const { file } = await make(await fourColors(100, 60), { format, width: 50 })
  const args = ['-v', 'error', '-count_frames', '-show_entries', 'stream=width,height,nb_read_frames', '-of', 'csv=p=0']
  const { stdout } = await promisify(execFile)('ffprobe', [...args, file ?? ''])
  expect(stdout.trim()).toBe('50,30,1')
})

it('variants of one size are the same, byte for byte, as each alone', async () => {
  const bytes = await sharp(await noise(400, 300))
    .jpeg()
    .toBuffer()
  const specs = ['webp', 'jpeg', 'png'].map(format => ({ name: format, format, width: 200 }))
  const together = await processBytes(pool, bytes, 'image/jpeg', ...specs)
  const alone = await Promise.all(specs.map(spec => processBytes(pool, bytes, 'image/jpeg', spec)))
  const hashes = (made: typeof together) => made.variants.map(({ name, sha256 }) => [name, sha256])
  expect(hashes(together)).toEqual(alone.flatMap(hashes))
  expect(together.variants).toHaveLength(3)
})
