import sharp from 'sharp'
import { expect, it } from 'vitest'
import { meanAbsoluteError, ssim } from '../src/index.ts'

const plain = (grey: number, width = 32) =>
  sharp({ create: { width, height: 32, channels: 3, background: { r: grey, g: grey, b: grey } } })

it('finds an image the same as itself in another coding', async () => {
  const [png, webp] = await Promise.all([plain(90).png().toBuffer(), plain(90).webp({ lossless: true }).toBuffer()])
  expect(await ssim(png, webp)).toBe(1)
  expect(await meanAbsoluteError(png, webp)).toBe(0)
})

it('measures how far apart two images are', async () => {
  const [black, grey] = await Promise.all([plain(0).png().toBuffer(), plain(100).png().toBuffer()])
  // Three of four samples differ by 100; alpha is the same.
  expect(await meanAbsoluteError(black, grey)).toBe(75)
  expect(await ssim(black, grey)).toBeLessThan(0.2)
})

it('compares as a browser shows, after the EXIF orientation', async () => {
  const gradient = sharp(Buffer.from('<svg width="40" height="20"><rect width="20" height="20" fill="red"/></svg>'))
  const upright = await gradient.clone().png().toBuffer()
  const turned = await sharp(await gradient.rotate(-90).png().toBuffer())
    .withMetadata({ orientation: 6 })
    .png()
    .toBuffer()
  expect(await meanAbsoluteError(upright, turned)).toBe(0)
})

it('refuses images of different sizes', async () => {
  const [a, b] = await Promise.all([plain(0, 32).png().toBuffer(), plain(0, 33).png().toBuffer()])
  await expect(ssim(a, b)).rejects.toThrow('32x32 and 33x32')
})
