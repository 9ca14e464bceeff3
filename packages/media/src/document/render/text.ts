import { open, writeFile } from 'node:fs/promises'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import { decodeText } from '../../probe/text.ts'
import type { Pdf } from '../pdf/open-pdf.ts'
import { pageText } from '../pdf/text/page-text.ts'
import { MAX_TEXT_BYTES, type PlannedText } from '../planned.ts'
import { cleanText, cutText } from './clean-text.ts'

/** Writes the first pages of a PDF, each ended by a form feed as pdftotext does it: so that a scan without text has a file too. */
export async function writePdfText(context: RenderContext, pdf: Pdf, variant: PlannedText): Promise<void> {
  await writeText(context, variant, () => textOfPages(pdf, Math.min(variant.pages, context.facts.pageCount ?? 0)))
}

/** Writes the beginning of a file that is text itself. */
export async function writeOwnText(context: RenderContext, variant: PlannedText): Promise<void> {
  await writeText(context, variant, async () => cleanText(decodeText(await readStart(context.file))))
}

/** A file of unreadable characters cleans to nothing; a variant must not be empty. */
const EMPTY_LINE = '\n'

async function writeText(
  context: RenderContext,
  variant: PlannedText,
  read: () => string | Promise<string>,
): Promise<void> {
  await tryVariants(context, [variant], async () => {
    const data = cutText((await read()) || EMPTY_LINE, MAX_TEXT_BYTES)
    await writeFile(variantFile(context, variant), data)
    await finishVariant(context, variant, variant, data)
  })
}

function textOfPages(pdf: Pdf, pages: number): string {
  const texts: string[] = []
  let left = MAX_TEXT_BYTES
  for (let index = 0; index < pages && left > 0; index++) {
    const text = `${cleanText(pageText(pdf, index, left))}\f`
    texts.push(text)
    left -= text.length
  }
  return texts.join('')
}

async function readStart(path: string): Promise<Uint8Array> {
  await using file = await open(path)
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TEXT_BYTES), 0, MAX_TEXT_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}
