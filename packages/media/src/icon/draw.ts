import { readFile } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts/media-types'
import sharp from 'sharp'
import type { PlannedIcon } from '../planned.ts'
import { iconFile } from './icon-file.ts'

/** Scales the icon of a file type, which was rendered before (`npm run icons`), to a width in pixels. */
export async function drawIcon(
  type: MediaType,
  { width, format }: Pick<PlannedIcon, 'width' | 'format'>,
): Promise<Buffer> {
  const options = format === 'webp' ? { lossless: true } : {}
  return await sharp(await readFile(iconFile(type)))
    .resize(width, width)
    .toFormat(format, options)
    .toBuffer()
}
