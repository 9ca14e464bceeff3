import { BUILT_IN_PRESETS, PresetDefinition } from '@darkroom/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ImageFacts } from './facts.ts'
import { rasterSize } from './image/plan.ts'
import type { PlannedStillImage } from './image/planned.ts'
import { plan } from './plan.ts'

const facts = (width: number, height: number): ImageFacts => ({
  kind: 'image',
  contentType: 'image/jpeg',
  width,
  height,
  orientation: 1,
  animated: false,
  frameCount: 1,
  pageCount: null,
  durationMs: null,
  hasAlpha: false,
  colorSpace: 'srgb',
  iccProfile: null,
  bitDepth: 8,
  details: {},
})

/** The images that are planned for a source of this size. */
const images = (width: number, height: number, definition: PresetDefinition): PlannedStillImage[] =>
  plan(facts(width, height), definition).variants.filter(variant => variant.type === 'picture')

const preset = (...variants: object[]) =>
  PresetDefinition.parse({ image: { variants: variants.map((v, n) => ({ name: `v${n}`, format: 'webp', ...v })) } })

const rectangle = (left: number, top: number, width: number, height: number) => ({ left, top, width, height })

describe('plan', () => {
  it.each([
    [
      'a cover box inside the source stays as it is',
      [4000, 3000],
      { width: 256, height: 256, fit: 'cover' },
      [256, 256],
    ],
    [
      'a cover box shrinks until the source fills it',
      [600, 100],
      { width: 256, height: 256, fit: 'cover' },
      [100, 100],
    ],
    ['a cover box keeps its own ratio', [100, 100], { width: 400, height: 200, fit: 'cover' }, [100, 50]],
    [
      'a cover box that is larger than its format keeps its own ratio',
      [8699, 8995],
      { width: 15_843, height: 16_384, fit: 'cover' },
      [8698, 8995],
    ],
    ['a cover box with one side is like inside', [4000, 2000], { width: 400, fit: 'cover' }, [400, 200]],
    ['inside keeps the ratio of the source', [4032, 3024], { width: 1280, height: 1280 }, [1280, 960]],
    ['inside with a width only', [4032, 3024], { width: 1280 }, [1280, 960]],
    ['inside with a height only', [4032, 3024], { height: 96 }, [128, 96]],
    ['inside with no size is the source', [4032, 3024], {}, [4032, 3024]],
    ['inside never enlarges', [80, 60], { width: 1280, height: 1280 }, [80, 60]],
    ['inside never plans nothing', [10_000, 10], { width: 256, height: 256 }, [256, 1]],
    ['padding lies inside the box', [4000, 2000], { width: 400, height: 400, padding: 20 }, [400, 220]],
    ['padding stays as it is when the image cannot grow', [10, 10], { width: 400, height: 400, padding: 20 }, [50, 50]],
    ['padding leaves a pixel of the image', [4000, 4000], { width: 9, height: 9, padding: 500 }, [9, 9]],
    ['a padded box is the box', [30, 20], { width: 400, height: 300, fit: 'pad' }, [400, 300]],
    ['a padded box with one side is like inside', [400, 200], { width: 100, fit: 'pad' }, [100, 50]],
    ['a crop is the source', [4000, 3000], { width: 100, crop: rectangle(1000, 500, 200, 400) }, [100, 200]],
    ['a crop ends where the source ends', [4000, 3000], { crop: rectangle(3900, 2900, 500, 500) }, [100, 100]],
  ])('%s', (_title, [width = 0, height = 0], spec, expected) => {
    const [variant] = images(width, height, preset(spec))
    expect([variant?.width, variant?.height]).toEqual(expected)
  })

  it('is pure data, smallest first', () => {
    const [definition] = BUILT_IN_PRESETS.map(entry => entry.definition)
    const { variants } = plan(facts(4032, 3024), definition ?? preset({}))
    expect(variants.map(v => [v.name, v.width, v.height, v.contentType])).toEqual([
      ['thumb', 256, 256, 'image/webp'],
      ['small', 640, 480, 'image/webp'],
      ['medium', 1280, 960, 'image/webp'],
      ['medium-jpeg', 1280, 960, 'image/jpeg'],
      ['large', 2048, 1536, 'image/webp'],
    ])
  })

  it('skips a crop that lies outside of the source', () => {
    const { variants, skipped } = plan(facts(100, 100), preset({ crop: rectangle(100, 0, 9, 9) }, { width: 10 }))
    expect(variants.map(({ name }) => name)).toEqual(['v1'])
    expect(skipped).toEqual([{ name: 'v0', required: false }])
  })

  it('moves only where the source moves', () => {
    const definition = preset(
      { type: 'animation', format: 'webp' },
      { type: 'animation', format: 'mp4' },
      { width: 10 },
    )
    const moving = { ...facts(101, 51), animated: true, frameCount: 3 }
    const sizes = (hasFfmpeg: boolean) =>
      plan(moving, definition, { hasFfmpeg }).variants.map(({ name, width, height }) => [name, width, height])
    expect(sizes(true)).toEqual([
      ['v2', 10, 5],
      ['v1', 100, 50],
      ['v0', 101, 51],
    ])
    expect(sizes(false).map(([name]) => name)).toEqual(['v2', 'v0'])
    expect(plan(facts(101, 51), definition).skipped).toEqual([])
  })

  it('makes AVIF last, whatever its size', () => {
    const { variants } = plan(facts(900, 900), preset({ width: 10, format: 'avif' }, { width: 900 }, { width: 500 }))
    expect(variants.map(({ name }) => name)).toEqual(['v2', 'v1', 'v0'])
  })

  const side = fc.integer({ min: 1, max: 16_384 })
  const spec = fc.record(
    { width: side, height: side, fit: fc.constantFrom('cover', 'inside'), format: fc.constantFrom('webp', 'jpeg') },
    { requiredKeys: ['fit', 'format'] },
  )

  it('never enlarges, never plans a size of zero, and puts the smallest first', () => {
    fc.assert(
      fc.property(side, side, fc.array(spec, { minLength: 1, maxLength: 6 }), (width, height, specs) => {
        const variants = images(width, height, preset(...specs))
        expect(variants).toHaveLength(specs.length)
        for (const variant of variants) {
          expect(variant.width).toBeGreaterThanOrEqual(1)
          expect(variant.height).toBeGreaterThanOrEqual(1)
          expect(variant.width).toBeLessThanOrEqual(width)
          expect(variant.height).toBeLessThanOrEqual(height)
        }
        const areas = variants.map(v => v.width * v.height)
        expect(areas).toEqual([...areas].sort((a, b) => a - b))
      }),
    )
  })

  it('keeps the ratio of the source (inside) or of the box (cover) within rounding', () => {
    fc.assert(
      fc.property(side, side, spec, (width, height, one) => {
        const [made] = images(width, height, preset(one))
        if (!made) throw new Error('nothing planned')
        const ratio = made.fit === 'cover' ? (one.width ?? 1) / (one.height ?? 1) : width / height
        const exactHeight = made.width / ratio
        const exactWidth = made.height * ratio
        const withinRounding =
          Math.abs(exactHeight - made.height) <= 0.5 + 0.5 / ratio ||
          Math.abs(exactWidth - made.width) <= 0.5 + 0.5 * ratio
        expect(withinRounding || made.width === 1 || made.height === 1).toBe(true)
      }),
    )
  })

  it('decodes as much as every variant needs, and no more than the source has', () => {
    fc.assert(
      fc.property(side, side, fc.array(spec, { minLength: 1, maxLength: 6 }), (width, height, specs) => {
        const variants = images(width, height, preset(...specs))
        const raster = rasterSize({ width, height }, variants)
        expect(raster.width).toBeLessThanOrEqual(width)
        expect(raster.height).toBeLessThanOrEqual(height)
        for (const variant of variants) {
          expect(raster.width).toBeGreaterThanOrEqual(variant.width)
          expect(raster.height).toBeGreaterThanOrEqual(variant.height)
        }
      }),
    )
  })

  it('decodes a phone photo for the default preset at 2048 pixels', () => {
    const variants = images(4032, 3024, preset({ width: 256, height: 256, fit: 'cover' }, { width: 2048 }))
    expect(rasterSize({ width: 4032, height: 3024 }, variants)).toEqual({ width: 2048, height: 1536 })
  })
})
