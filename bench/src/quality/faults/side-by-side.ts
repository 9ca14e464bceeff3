import sharp from 'sharp'
import { textOf } from '../text-image.ts'

export interface Side {
  /** Who made it, or what it is. */
  label: string
  /** A file or bytes of an image; a code where nothing was made. */
  image: string | Buffer | { code: string }
}

const PANE = { width: 320, height: 240, label: 28, gap: 8 }
const PAPER = '#f8fafc'
/** Shows through where an image is transparent. */
const CHECK = 16

/** Renders images side by side with their titles above, as one WebP. */
export async function sideBySide(sides: readonly Side[]): Promise<Buffer> {
  const panes = await Promise.all(sides.map(({ image }) => paneOf(image)))
  const labels = await Promise.all(sides.map(({ label }) => textOf(label, '#334155', PANE.width)))
  const height = Math.max(...panes.map(pane => pane.height))
  const leftOf = (index: number) => PANE.gap + index * (PANE.width + PANE.gap)
  return sharp({
    create: {
      width: leftOf(sides.length),
      height: PANE.label + height + PANE.gap,
      channels: 3,
      background: PAPER,
    },
  })
    .composite([
      ...labels.map((input, index) => ({ input, left: leftOf(index), top: 6 })),
      ...panes.map(({ data }, index) => ({ input: data, left: leftOf(index), top: PANE.label })),
    ])
    .webp({ quality: 80 })
    .toBuffer()
}

async function paneOf(image: Side['image']): Promise<{ data: Buffer; height: number }> {
  if (!(typeof image === 'string' || Buffer.isBuffer(image))) return refused(image.code)
  const sized = await sharp(image, { failOn: 'none' })
    .resize(PANE.width, PANE.height, { fit: 'inside', kernel: 'nearest' })
    .png()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = sized.info
  const data = await sharp(checks(width, height))
    .composite([{ input: sized.data }])
    .png()
    .toBuffer()
  return { data, height }
}

const checks = (width: number, height: number): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><pattern id="c" width="${CHECK}" height="${CHECK}" patternUnits="userSpaceOnUse">
      <rect width="${CHECK}" height="${CHECK}" fill="#ffffff"/>
      <rect width="${CHECK / 2}" height="${CHECK / 2}" fill="#cbd5e1"/><rect x="${CHECK / 2}" y="${CHECK / 2}" width="${CHECK / 2}" height="${CHECK / 2}" fill="#cbd5e1"/>
    </pattern></defs><rect width="${width}" height="${height}" fill="url(#c)"/></svg>`)

async function refused(code: string): Promise<{ data: Buffer; height: number }> {
  const { width } = PANE
  const height = 180
  const data = await sharp({ create: { width, height, channels: 3, background: '#fee2e2' } })
    .composite([{ input: await textOf(code, '#991b1b', width - 16) }])
    .png()
    .toBuffer()
  return { data, height }
}
