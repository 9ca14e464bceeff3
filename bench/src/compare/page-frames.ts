import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlannedVariant } from '@darkroom/media'
import { drawDocument } from '../kinds/bare/document.ts'
import { outputName } from '../kinds/maker.ts'
import { imageFrames } from './image-frames.ts'
import type { Raster } from './raster.ts'

type PlannedPage = Extract<PlannedVariant, { type: 'page' }>

/** Renders a page of a PDF with pdfium alone at this size, in a folder of its own. */
export async function pageFrames(file: string, page: PlannedPage, workDir: string): Promise<Raster[]> {
  const lossless = { ...page, format: 'png', extension: 'png' } as const
  await mkdir(workDir, { recursive: true })
  await copyFile(file, join(workDir, 'source.pdf'))
  await drawDocument({ name: 'source.pdf', variants: [lossless] }, workDir)
  return (await imageFrames(join(workDir, outputName(lossless)), { format: page.format })).frames
}
