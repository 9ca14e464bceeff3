import { PresetDefinition } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { planRaster } from '../plan.ts'
import type { PlannedStillImage } from '../planned.ts'
import type { Raster } from '../raster.ts'
import { sharedFit } from './shared-fit.ts'

const raster: Raster = { data: Buffer.alloc(300 * 200 * 3, 90), width: 300, height: 200, channels: 3 }

const planned = (spec: object): PlannedStillImage => {
  const { image } = PresetDefinition.parse({ image: { variants: [{ name: 'v', format: 'webp', ...spec }] } })
  const [variant] = image?.variants ?? []
  if (variant?.type !== 'picture') throw new Error('not a picture')
  return { type: 'picture', ...planRaster(raster, variant), ...(variant.crop && { crop: variant.crop }) }
}

const madeOf = async (specs: object[], of = raster): Promise<Raster[]> => {
  const variants = specs.map(planned)
  const rasterOf = sharedFit(variants)
  const rasters: Raster[] = []
  for (const variant of variants) rasters.push(await rasterOf(variant, of))
  return rasters
}

it('resizes once for variants that differ only in how they are written', async () => {
  const [webp, jpeg] = await madeOf([{ width: 150 }, { width: 150, format: 'jpeg', quality: 60 }])
  expect(webp).toMatchObject({ width: 150, height: 100, channels: 3 })
  expect(jpeg).toBe(webp)
})

it('shares the middle of a canvas, whatever is around it', async () => {
  const box = { width: 150, height: 150, fit: 'pad' }
  const [white, black] = await madeOf([
    { ...box, background: '#ffffff' },
    { ...box, background: '#000000' },
  ])
  expect(white).toMatchObject({ width: 150, height: 100 })
  expect(black).toBe(white)
})

it('makes the smallest of the pixels of the next, which are made once', async () => {
  const [thumb, small, medium, large] = await madeOf([
    ...[{ width: 40, height: 40, fit: 'cover' }, { width: 90 }, { width: 150 }, { width: 280 }],
  ])
  expect(thumb).toMatchObject({ width: 90, height: 60 })
  expect(small).toBe(thumb)
  expect([medium, large]).toEqual([raster, raster])
})

it.each<[string, object, object]>([
  ['too few pixels', { width: 101 }, { width: 150 }],
  ['so many that they take long', { width: 40 }, { width: 153 }],
  ['a side that is rounded the other way', { width: 50, height: 50, fit: 'pad' }, { width: 76 }],
  ['too few rows of them', { width: 67, height: 67, fit: 'cover' }, { width: 150 }],
  ['only a part of the image', { width: 40 }, { width: 150, height: 40, fit: 'cover' }],
  ['another part of it', { width: 40 }, { width: 150, crop: { left: 10, top: 0, width: 200, height: 200 } }],
  ['all of them', { width: 40 }, { width: 300 }],
])('makes nothing of the next that has %s', async (_title, one, next) => {
  expect((await madeOf([one, next]))[0]).toBe(raster)
})

it.each<[string, object, object]>([
  ['another size', { width: 150 }, { width: 151 }],
  [
    'another part of the image',
    { width: 50, height: 50, fit: 'cover' },
    { width: 50, height: 50, fit: 'cover', position: 'entropy' },
  ],
  ['other colours', { width: 150 }, { width: 150, colors: 'keep' }],
  ['no resize at all', { width: 300 }, { width: 300, format: 'jpeg' }],
])('shares nothing between variants of %s', async (_title, one, other) => {
  expect(await madeOf([one, other])).toEqual([raster, raster])
})

it('shares nothing of what is transparent or has colours of its own', async () => {
  const transparent: Raster = { ...raster, data: Buffer.alloc(300 * 200 * 4), channels: 4 }
  const wide: Raster = { ...raster, icc: Buffer.alloc(4) }
  const twice = [{ width: 150 }, { width: 150, format: 'jpeg' }]
  expect(await madeOf(twice, transparent)).toEqual([transparent, transparent])
  expect(await madeOf(twice, wide)).toEqual([wide, wide])
})
