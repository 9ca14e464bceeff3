import type { Watermark } from '@darkroom/contracts'
import sharp from 'sharp'
import type { Size } from '../../plan/geometry.ts'
import { isOpaque } from './background.ts'
import type { Operation } from './index.ts'

/** Of the shorter side: how far the text stays from the edges. */
const MARGIN = 0.03

/** Adds a line of text over the image. Pango draws it, so no loader for SVG files is needed. */
export const watermark: Operation = async (image, variant, source) => {
  const { watermark, width, height } = variant
  if (!watermark) return image
  const margin = Math.round(Math.min(width, height) * MARGIN)
  const room = { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) }
  const { data, info } = await draw(watermark, room, Math.max(1, Math.round(height * watermark.scale)))
  const [x, y] = PLACES[watermark.position]
  const left = margin + Math.round((room.width - info.width) * x)
  const top = margin + Math.round((room.height - info.height) * y)
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const marked = image.composite([{ input: data, raw, left, top }])
  // Composing adds an alpha channel, which would cost bytes for nothing.
  return isOpaque(variant, source) ? marked.removeAlpha() : marked
}

/** How much of the free room is left of the text, and above it. */
const PLACES: Record<Watermark['position'], readonly [number, number]> = {
  'north-west': [0, 0],
  'north-east': [1, 0],
  'south-west': [0, 1],
  'south-east': [1, 1],
  center: [0.5, 0.5],
}

async function draw({ text, color, opacity }: Watermark, room: Size, heightPx: number) {
  const alpha = `${Math.max(1, Math.round(opacity * 100))}%`
  const markup = `<span foreground="${color}" fgalpha="${alpha}">${escapeMarkup(text)}</span>`
  // At 72 dpi a point is a pixel.
  return await sharp({ text: { text: markup, font: `sans bold ${heightPx}`, dpi: 72, rgba: true } })
    .resize({ ...room, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, found => ENTITIES[found] ?? '')
