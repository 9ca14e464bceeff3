import { MEDIA_TYPES, type MediaType } from '@darkroom/contracts/media-types'
import sharp from 'sharp'
import type { PlannedIcon } from '../planned.ts'
import { GLYPHS } from './glyphs.ts'
import { LETTER_HEIGHT, word } from './letters.ts'
import { paint } from './paint.ts'
import { placed, polylines } from './path.ts'
import type { Shape } from './shape.ts'

/** The picture of a file type: a sheet of paper with what is on it, and its name. Drawn in code: nothing is decoded. */
export async function drawIcon(
  type: MediaType,
  { width, format }: Pick<PlannedIcon, 'width' | 'format'>,
): Promise<Buffer> {
  const pixels = paint(shapesOf(type), width)
  const raw = { width, height: width, channels: 4 } as const
  const options = format === 'webp' ? { lossless: true } : {}
  return await sharp(pixels, { raw }).toFormat(format, options).toBuffer()
}

const PAPER = polylines('M58 30 L150 30 L198 78 L198 226 L58 226 Z')
const FOLD = polylines('M150 32 L150 78 L196 78 Z')

const SHEET: readonly Shape[] = [
  { lines: placed(PAPER, 0, 5, 1), isFilled: true, radius: 12, color: rgb('#cbd5e1'), softness: 14 },
  { lines: PAPER, isFilled: true, radius: 14, color: rgb('#cbd5e1') },
  { lines: PAPER, isFilled: true, radius: 11, color: rgb('#ffffff') },
  { lines: FOLD, isFilled: true, radius: 6, color: rgb('#e2e8f0') },
]

function shapesOf(type: MediaType): Shape[] {
  const { icon, extensions } = MEDIA_TYPES[type]
  const { color, strokes = '', areas = '' } = GLYPHS[icon]
  const glyph = { color: rgb(color), radius: 4 }
  const area = (data: string) => placed(polylines(data), 80, 80, 1)
  return [
    ...SHEET,
    ...area(strokes).map(line => ({ ...glyph, lines: [line], isFilled: false })),
    ...area(areas).map(line => ({ ...glyph, radius: 2, lines: [line], isFilled: true })),
    { lines: polylines('M38 182 L218 182 L218 218 L38 218 Z'), isFilled: true, radius: 10, color: rgb(color) },
    labelShape(extensions[0].toUpperCase()),
  ]
}

const LABEL_SCALE = 5

function labelShape(label: string): Shape {
  const { lines, width } = word(label)
  const [left, top] = [128 - (width * LABEL_SCALE) / 2, 200 - (LETTER_HEIGHT * LABEL_SCALE) / 2]
  return { lines: placed(lines, left, top, LABEL_SCALE), isFilled: false, radius: 3.2, color: rgb('#ffffff') }
}

function rgb(hex: string): Shape['color'] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
