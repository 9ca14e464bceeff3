import { av1Frame, type Coded, clap, heifOf, hevcPicture, imir, irot, nclx } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { BLUE, GREEN, pixelsOf, processHere, RED, stillImage, YELLOW } from './image-bed.ts'

const WIDTH = 64
const HEIGHT = 32
/** Each field has an opacity of its own, so that a field which is somewhere else than its opacity is seen. */
const FIELDS = [RED, GREEN, BLUE, YELLOW]
const OPACITIES = [40, 100, 180, 250]
const fieldAt = (x: number, y: number): number => (x < WIDTH / 2 ? 0 : 1) + (y < HEIGHT / 2 ? 0 : 2)
const plane = (of: (field: number) => readonly number[]): Buffer =>
  Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, n) => of(fieldAt(n % WIDTH, Math.floor(n / WIDTH)))).flat())
const colors = plane(field => FIELDS[field] ?? [])
const opacity = plane(field => [OPACITIES[field] ?? 0])

const size = { width: WIDTH, height: HEIGHT }
const av1 = async (data: Buffer, channels: 1 | 3): Promise<Coded> => {
  const image = sharp(data, { raw: { ...size, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb')
  return av1Frame(await image.avif({ quality: 95, chromaSubsampling: '4:4:4', effort: 0 }).toBuffer(), WIDTH, HEIGHT)
}
const FORMATS = {
  'image/avif': { colors: () => av1(colors, 3), alpha: () => av1(opacity, 1) },
  'image/heic': {
    colors: () =>
      hevcPicture({ ...size, pixels: colors, filter: 'zscale=m=170m:min=gbr:r=full:rin=full', as: 'yuv444p' }),
    alpha: () =>
      hevcPicture({ ...size, pixels: opacity, format: 'gray', filter: 'scale=out_range=full', as: 'yuv420p' }),
  },
} as const

const CASES: readonly [
  title: string,
  properties: Buffer[],
  size: [number, number],
  at: (x: number, y: number) => [number, number],
][] = [
  ['a quarter turn', [irot(1)], [HEIGHT, WIDTH], (x, y) => [WIDTH - 1 - y, x]],
  ['half a turn', [irot(2)], [WIDTH, HEIGHT], (x, y) => [WIDTH - 1 - x, HEIGHT - 1 - y]],
  ['three quarters of a turn', [irot(3)], [HEIGHT, WIDTH], (x, y) => [y, HEIGHT - 1 - x]],
  ['a mirror, top and bottom', [imir(0)], [WIDTH, HEIGHT], (x, y) => [x, HEIGHT - 1 - y]],
  ['a mirror, left and right', [imir(1)], [WIDTH, HEIGHT], (x, y) => [WIDTH - 1 - x, y]],
  ['a part of it', [clap(40, 20, -12, -6)], [40, 20], (x, y) => [x, y]],
  [
    'a part of it, turned and mirrored',
    [clap(40, 20, -12, -6), irot(1), imir(1)],
    [20, 40],
    (x, y) => [39 - y, 19 - x],
  ],
]

describe.each(Object.entries(FORMATS))('opacity of %s', (type, format) => {
  const coded = Promise.all([format.colors(), format.alpha()])
  const color = nclx(1, 13, 6)

  it.each(CASES)('goes with the colours: %s', async (_title, properties, [width, height], sourceOf) => {
    const [picked, alpha] = await coded
    // Whether it is said of the opacity once more makes no difference.
    for (const same of [false, true]) {
      const file = heifOf({
        ...picked,
        properties: [color, ...properties],
        alpha: { ...alpha, properties: same ? properties : [] },
      })
      const { facts, files } = await processHere(file, type, [stillImage({})])
      expect(facts).toMatchObject({ width, height, hasAlpha: true })
      const made = await pixelsOf(files.v)
      expect([made.width, made.height, made.channels]).toEqual([width, height, 4])
      for (const [fx, fy] of PLACES) {
        const [x, y] = [Math.floor(fx * width), Math.floor(fy * height)]
        const field = fieldAt(...sourceOf(x, y))
        const [, , , shown = 0] = made.at(x, y)
        expect(nearest(made.at(x, y)), `${x}, ${y}`).toBe(field)
        expect(Math.abs(shown - (OPACITIES[field] ?? 0)), `opacity at ${x}, ${y}: ${shown}`).toBeLessThan(8)
      }
    }
  })
})

/** Not at the borders of fields, which are soft. */
const PLACES = [0.1, 0.3, 0.6, 0.9].flatMap(x => [0.15, 0.35, 0.65, 0.92].map(y => [x, y] as const))

function nearest(pixel: readonly number[]): number {
  const far = FIELDS.map(color => color.reduce<number>((sum, value, n) => sum + Math.abs(value - (pixel[n] ?? 0)), 0))
  return far.indexOf(Math.min(...far))
}
