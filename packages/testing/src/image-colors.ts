import sharp from 'sharp'

/** Makes a PNG of vertical bands of one colour each, from left to right. */
export async function coloredBands(
  colors: readonly string[],
  size: { width: number; height: number },
): Promise<Buffer> {
  const bands = colors.map((background, at) => ({
    input: { create: { ...size, channels: 3, background } } as const,
    left: at * size.width,
    top: 0,
  }))
  const { width, height } = { width: size.width * colors.length, height: size.height }
  return await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite(bands)
    .png()
    .toBuffer()
}

/** Returns the colour of one pixel as `#rrggbb`. */
export async function colorAt(image: Buffer, left: number, top: number): Promise<string> {
  const pixel = await sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()
  return `#${pixel.toString('hex')}`
}
