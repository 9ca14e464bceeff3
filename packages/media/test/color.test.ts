import path from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { describeIcc } from '../src/image/icc.ts'
import { taggedTiff } from '../src/image/tagged-tiff.ts'
import { CORPUS, markedLimits, noCorpus, processFile, tempDir, usePool } from './pool.ts'

type Rgb = [number, number, number]
type Matrix = [Rgb, Rgb, Rgb]

// Independent of any colour engine: CSS Color 4, sample code of chapter 18 (both spaces have a D65 white point).
const P3_TO_SRGB: Matrix = [
  [1.2249401762, -0.2249401762, 0],
  [-0.0420569547, 1.0420569547, 0],
  [-0.0196375546, -0.0786360456, 1.0982736002],
]
const ADOBE_TO_SRGB: Matrix = [
  [1.3983557, -0.3983557, 0],
  [0, 1, 0],
  [0, -0.042929, 1.042929],
]
const srgbToLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const adobeToLinear = (v: number) => v ** (563 / 256)
const linearToSrgb = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)

const convert = (pixel: Rgb, toLinear: (v: number) => number, matrix: Matrix): Rgb => {
  const linear = pixel.map(v => toLinear(v / 255))
  const out = matrix.map(row => row.reduce((sum, factor, n) => sum + factor * (linear[n] ?? 0), 0))
  return out.map(v => Math.round(linearToSrgb(Math.min(1, Math.max(0, v))) * 255)) as Rgb
}

const pixelsOf = async (file: string, options = {}): Promise<Rgb[]> => {
  const { data, info } = await sharp(file, options).raw().toBuffer({ resolveWithObject: true })
  const pixels: Rgb[] = []
  for (let at = 0; at < data.length; at += info.channels) pixels.push([...data.subarray(at, at + 3)] as Rgb)
  return pixels
}

/** Mean and 99th percentile of the largest difference of a channel. */
const difference = (a: Rgb[], b: Rgb[]) => {
  const all = a
    .map((pixel, n) => Math.max(...pixel.map((v, c) => Math.abs(v - (b[n]?.[c] ?? 999)))))
    .sort((x, y) => x - y)
  return { mean: all.reduce((sum, v) => sum + v, 0) / all.length, p99: all[Math.floor(all.length * 0.99)] ?? 999 }
}

const png = (width = 2048) =>
  PresetDefinition.parse({ image: { variants: [{ name: 'exact', width, height: width, format: 'png' }] } })

describe('colours', () => {
  const pool = usePool(markedLimits())

  const exact = async (file: string, declaredType: string, width?: number): Promise<string> => {
    const { variants } = await processFile(pool, { file, declaredType, definition: png(width) })
    return variants[0]?.file ?? ''
  }

  it.skipIf(noCorpus)('Display P3 becomes sRGB', async () => {
    const file = path.join(CORPUS, 'png-display-p3-icc.png')
    const expected = (await pixelsOf(file, { ignoreIcc: true })).map(p => convert(p, srgbToLinear, P3_TO_SRGB))
    const { mean, p99 } = difference(await pixelsOf(await exact(file, 'image/png')), expected)
    expect(mean).toBeLessThan(2)
    expect(p99).toBeLessThan(3)
  })

  it.skipIf(noCorpus)('Adobe RGB becomes sRGB', async () => {
    const file = path.join(CORPUS, 'jpeg-adobe-rgb.jpg')
    const source = await pixelsOf(file, { ignoreIcc: true })
    const made = await pixelsOf(await exact(file, 'image/jpeg'))
    const { mean, p99 } = difference(
      made,
      source.map(p => convert(p, adobeToLinear, ADOBE_TO_SRGB)),
    )
    expect(mean).toBeLessThan(1.5)
    expect(p99).toBeLessThan(6)
    expect(difference(made, source).mean).toBeGreaterThan(2)
  })

  it.skipIf(noCorpus)('converting after shrinking looks the same as converting before it', async () => {
    const file = path.join(CORPUS, 'jpeg-adobe-rgb.jpg')
    const before = await sharp(file).resize(200, 300).png().toBuffer()
    const reference = path.join(await tempDir(), 'before.png')
    await sharp(before).toFile(reference)
    const { mean, p99 } = difference(await pixelsOf(await exact(file, 'image/jpeg', 300)), await pixelsOf(reference))
    expect(mean).toBeLessThan(1.5)
    expect(p99).toBeLessThan(10)
  })

  /** Pure red of Display P3, which sRGB cannot show, beside colours that it can. */
  const wide: Rgb[] = [
    [255, 0, 0],
    [180, 60, 50],
    [60, 160, 80],
    [255, 255, 255],
  ]
  const p3File = async (options: { deep?: boolean } = {}) => {
    const icc = (await sharp(await blank().withIccProfile('p3').png().toBuffer()).metadata()).icc ?? Buffer.alloc(0)
    const tagged = taggedTiff({ data: Buffer.from(wide.flat()), width: 4, height: 1, channels: 3 }, icc)
    const image = sharp(tagged).keepIccProfile()
    const file = path.join(await tempDir(), 'wide.png')
    await (options.deep ? image.toColourspace('rgb16') : image).png().toFile(file)
    return file
  }
  const blank = () => sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
  const kept = async (file: string, format: string) => {
    const variants = [{ name: 'kept', format, quality: 100, colors: 'keep' }]
    const definition = PresetDefinition.parse({ image: { variants } })
    return (await processFile(pool, { file, declaredType: 'image/png', definition })).variants[0]?.file ?? ''
  }

  it.each([
    ['8', false],
    ['16', true],
  ])('Display P3 of %s bits becomes sRGB', async (_title, deep) => {
    const expected = wide.map(p => convert(p, srgbToLinear, P3_TO_SRGB))
    const { p99 } = difference(await pixelsOf(await exact(await p3File({ deep }), 'image/png')), expected)
    expect(p99).toBeLessThan(4)
  })

  it.each([false, true])('a wide gamut is kept when the preset says so (16 bits: %s)', async deep => {
    const file = await kept(await p3File({ deep }), 'png')
    expect((await sharp(file).metadata()).icc?.length).toBeLessThan(1000)
    expect(difference(await pixelsOf(file, { ignoreIcc: true }), wide).mean).toBeLessThan(2)
  })

  it.each(['webp', 'avif', 'jpeg'])('%s carries the profile of a wide gamut', async format => {
    const { icc } = await sharp(await kept(await p3File(), format)).metadata()
    expect(icc && describeIcc(icc)).toMatch(/P3/)
  })

  it('what is sRGB, or has no profile, is written without one', async () => {
    const file = path.join(await tempDir(), 'plain.png')
    for (const image of [blank(), blank().withIccProfile('srgb')]) {
      await image.png().toFile(file)
      expect((await sharp(await kept(file, 'webp')).metadata()).icc).toBeUndefined()
    }
  })

  it.skipIf(noCorpus)('the profile of a HEIC, which its decoder drops, is applied', async () => {
    const file = path.join(CORPUS, 'heic-iphone-p3.heic')
    const variants = ['srgb', 'keep'].map(colors => ({ name: colors, format: 'png', width: 300, colors }))
    const definition = PresetDefinition.parse({ image: { variants } })
    const made = await processFile(pool, { file, declaredType: 'image/heic', definition })
    const [srgb = [], p3 = []] = await Promise.all(made.variants.map(v => pixelsOf(v.file, { ignoreIcc: true })))
    expect(difference(srgb, p3).p99).toBeGreaterThan(5)
    const { mean } = difference(
      srgb,
      p3.map(p => convert(p, srgbToLinear, P3_TO_SRGB)),
    )
    expect(mean).toBeLessThan(2)
  })

  it('transparency stays in PNG and becomes white in JPEG', async () => {
    const file = path.join(await tempDir(), 'half.png')
    await sharp({ create: { width: 40, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } })
      .png()
      .toFile(file)
    const formats = ['png', 'jpeg'].map(format => ({ name: format, format, quality: 95 }))
    const definition = PresetDefinition.parse({ image: { variants: formats } })
    const { variants, facts } = await processFile(pool, { file, declaredType: 'image/png', definition })
    const [asPng, asJpeg] = await Promise.all(variants.map(v => sharp(v.file).raw().toBuffer()))
    expect(facts).toMatchObject({ hasAlpha: true })
    expect([...(asPng ?? Buffer.alloc(0)).subarray(0, 4)]).toEqual([255, 0, 0, 128])
    const [r = 0, g = 0, b = 0] = asJpeg ?? Buffer.alloc(0)
    expect(difference([[r, g, b]], [[255, 127, 127]]).mean).toBeLessThan(4)
  })

  it.each([
    [
      '16-bit grey with alpha',
      { width: 20, height: 20, channels: 4 as const, background: { r: 90, g: 90, b: 90, alpha: 1 } },
      'b-w',
    ],
    ['16-bit RGB', { width: 20, height: 20, channels: 3 as const, background: { r: 10, g: 100, b: 200 } }, 'rgb16'],
  ])('%s keeps its colours in 8 bits', async (_title, create, space) => {
    const file = path.join(await tempDir(), 'deep.png')
    const image = sharp({ create })
    await (space === 'rgb16' ? image.toColourspace('rgb16') : image.grayscale().toColourspace('grey16'))
      .png()
      .toFile(file)
    const { facts, variants } = await processFile(pool, { file, declaredType: 'image/png', definition: png() })
    expect(facts).toMatchObject({ bitDepth: 16 })
    const { r, g, b } = create.background
    expect(difference((await pixelsOf(variants[0]?.file ?? '')).slice(0, 1), [[r, g, b]]).mean).toBeLessThan(3)
  })
})
