import sharp, { type OverlayOptions } from 'sharp'
import type { Outcome } from './process-corpus.ts'
import { textOf } from './text-image.ts'

const CELL = { width: 200, height: 200, label: 44, gap: 8 }
const COLUMNS = 6
const PAPER = '#f8fafc'
const FRAME = '#e2e8f0'

/** Renders everything that was made of these files as images with their names, refused files with their codes. */
export async function contactSheet(outcomes: readonly Outcome[]): Promise<Buffer> {
  const rows = Math.ceil(outcomes.length / COLUMNS)
  const stepX = CELL.width + CELL.gap
  const stepY = CELL.height + CELL.label + CELL.gap
  const cells = await Promise.all(
    outcomes.map((outcome, index) =>
      cellOf(outcome, {
        left: (index % COLUMNS) * stepX + CELL.gap,
        top: Math.floor(index / COLUMNS) * stepY + CELL.gap,
      }),
    ),
  )
  return sharp({
    create: { width: COLUMNS * stepX + CELL.gap, height: rows * stepY + CELL.gap, channels: 3, background: PAPER },
  })
    .composite(cells.flat())
    .webp({ quality: 80 })
    .toBuffer()
}

async function cellOf(outcome: Outcome, { left, top }: { left: number; top: number }): Promise<OverlayOptions[]> {
  const { width, height } = CELL
  const ground = { create: { width, height, channels: 3, background: outcome.code ? '#fee2e2' : FRAME } } as const
  const cell: OverlayOptions[] = [{ input: await sharp(ground).png().toBuffer(), left, top }]
  if (outcome.image) {
    const { data, info } = await sharp(outcome.image)
      .resize(width, height, { fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer({ resolveWithObject: true })
    const middle = {
      left: left + Math.round((width - info.width) / 2),
      top: top + Math.round((height - info.height) / 2),
    }
    cell.push({ input: data, ...middle })
  } else {
    cell.push({
      input: await textOf(outcome.code ?? 'no image', '#991b1b', width - 16),
      left: left + 8,
      top: top + 90,
    })
  }
  cell.push({ input: await textOf(outcome.source.name, '#334155', width), left, top: top + height + 4 })
  return cell
}
