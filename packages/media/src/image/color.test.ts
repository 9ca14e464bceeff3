import sharp from 'sharp'
import { expect, it } from 'vitest'
import { isSrgb } from './color.ts'

const profileNamed = async (name: string): Promise<Buffer> => {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
  const { icc } = await sharp(await pixel.withIccProfile(name).png().toBuffer()).metadata()
  return icc ?? Buffer.alloc(0)
}

it('tells sRGB from a wide profile, in whatever order images with either come', async () => {
  const [srgb, p3] = [await profileNamed('srgb'), await profileNamed('p3')]
  const answers: boolean[] = []
  for (const profile of [srgb, Buffer.from(srgb), p3, Buffer.from(p3), srgb, p3]) answers.push(await isSrgb(profile))
  expect(answers).toEqual([true, true, false, false, true, false])
})
