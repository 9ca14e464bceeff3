import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { MadeFile } from './made-file.ts'

const [WIDTH, HEIGHT] = [480, 360]

/** Shapes, colours, gradients and letters: what is turned, shifted or converted wrongly is seen. */
const svgScene = (angle = 0, ground = '#f4efe6'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#103070"/><stop offset="1" stop-color="#f0a030"/></linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="${ground}"/>
    <rect x="20" y="20" width="440" height="60" fill="url(#g)"/>
    <g transform="rotate(${angle} 240 220)">
      <circle cx="120" cy="220" r="80" fill="#c83232"/><rect x="200" y="150" width="120" height="120" fill="#40a040"/>
      <path d="M340 280 L400 150 L460 280 Z" fill="#3c50c8"/><text x="210" y="225" font-size="40" fill="#fff">Aa 7</text>
    </g>
    <g fill="#222">${Array.from({ length: 20 }, (_, n) => `<rect x="${20 + n * 22}" y="320" width="${n / 2 + 1}" height="24"/>`).join('')}</g>
  </svg>`)

const scene = (ground?: string): Sharp => sharp(svgScene(0, ground)).removeAlpha()
const clear = (): Sharp => sharp(svgScene(0, 'none'))

const written = (name: string, image: () => Sharp | Promise<Buffer>) => async (folder: string) => {
  const file = join(folder, name)
  const made = image()
  await writeFile(file, await (made instanceof Promise ? made : made.toBuffer()))
  return file
}

const image = (title: string, name: string, image: () => Sharp | Promise<Buffer>, isInTests = false): MadeFile => {
  const type = name.split('.').at(-1)
  return { title, declaredType: `image/${type}`, isInTests, make: written(name, image) }
}

/** Values of EXIF, all of them. */
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8]

const FRAMES = 6
async function frames(): Promise<Sharp> {
  const rotated = Array.from({ length: FRAMES }, (_, n) =>
    sharp(svgScene(n * 15))
      .png()
      .toBuffer(),
  )
  return sharp(await Promise.all(rotated), { join: { animated: true } })
}
const delay = [100, 80, 120, 100, 200, 60]

export const IMAGE_FILES: MadeFile[] = [
  ...ORIENTATIONS.map(orientation =>
    image(
      `JPEG, orientation ${orientation}`,
      'a.jpeg',
      () => scene().withMetadata({ orientation }).jpeg({ quality: 92 }),
      orientation === 6,
    ),
  ),
  image('JPEG 4:4:4, progressive', 'a.jpeg', () => scene().jpeg({ chromaSubsampling: '4:4:4', progressive: true })),
  image('JPEG, grey', 'a.jpeg', () => scene().grayscale().jpeg({ quality: 92 })),
  image('JPEG, CMYK', 'a.jpeg', () => scene().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 })),
  image('JPEG, Display P3', 'a.jpeg', () => scene().withIccProfile('p3').jpeg({ quality: 95 })),
  image('PNG, 8 bits', 'a.png', () => scene().png()),
  image('PNG, 16 bits', 'a.png', () => scene().toColourspace('rgb16').png()),
  image('PNG, transparent', 'a.png', () => clear().png(), true),
  image('PNG, 16 bits, transparent', 'a.png', () => clear().toColourspace('rgb16').png()),
  image('PNG, palette', 'a.png', () => scene().png({ palette: true, colours: 64 })),
  image('PNG, grey', 'a.png', () => scene().grayscale().png()),
  image('PNG, Display P3', 'a.png', () => scene().withIccProfile('p3').png(), true),
  image('WebP', 'a.webp', () => scene().webp({ quality: 92 })),
  image('WebP, lossless, transparent', 'a.webp', () => clear().webp({ lossless: true })),
  image('AVIF, 8 bits', 'a.avif', () => scene().avif({ quality: 80, effort: 0 })),
  image('AVIF, 10 bits', 'a.avif', () => scene().avif({ quality: 80, effort: 0, bitdepth: 10 })),
  image('AVIF, transparent', 'a.avif', () => clear().avif({ quality: 80, effort: 0 }), true),
  image('TIFF, LZW', 'a.tiff', () => scene().tiff({ compression: 'lzw' }), true),
  image('TIFF, 16 bits', 'a.tiff', () => scene().toColourspace('rgb16').tiff({ compression: 'deflate' })),
  image('TIFF, CMYK', 'a.tiff', () => scene().toColourspace('cmyk').withIccProfile('cmyk').tiff()),
  image('GIF', 'a.gif', () => scene().gif()),
  image('GIF, moving', 'a.gif', async () => (await frames()).gif({ delay }).toBuffer(), true),
  image('WebP, moving', 'a.webp', async () => (await frames()).webp({ delay, quality: 90 }).toBuffer()),
]
