import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { onePage } from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { fileFrame } from '../src/document/pdf/file-frame.ts'
import { pageText } from '../src/document/pdf/text/page-text.ts'
import { probe } from '../src/sandbox/methods.ts'
import { inPdf } from './document-bed.ts'
import { markedLimits, tempDir } from './pool.ts'

const whole = onePage({ content: 'BT /F1 24 Tf 10 40 Td (Hello) Tj ET' })
const before = (bytes: Buffer | string) => Buffer.concat([Buffer.from(bytes as string), whole])
const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')
/** What the file is, and what its owner is told of it. */
async function probed(source: Buffer, declaredType = 'application/pdf'): Promise<string[]> {
  const file = path.join(await tempDir(), 'original')
  await writeFile(file, source)
  const told: string[] = []
  const warn = ({ code, detail }: { code: string; detail: string }) => void told.push(`${code}: ${detail}`)
  const { contentType } = await probe(
    { file, declaredType },
    { limits: markedLimits(), tools: null, timings: {}, warn },
  )
  return [contentType, ...told]
}

describe('a PDF whose beginning or end is not as it should be', () => {
  it.each([
    ['as it should be', whole, []],
    [
      'after three bytes',
      before(Buffer.from([1, 2, 3])),
      ['SOURCE_REPAIRED: There are 3 bytes before the start of the PDF.'],
    ],
    [
      'after the header of a mail',
      before('Content-Type: application/pdf\r\n\r\n'),
      ['SOURCE_REPAIRED: There are 33 bytes before the start of the PDF.'],
    ],
    ['with padding at its end', Buffer.concat([whole, Buffer.alloc(5000)]), []],
    ['with blank lines at its end', Buffer.concat([whole, Buffer.from('\r\n \t'.repeat(2000))]), []],
    [
      'cut after its trailer',
      whole.subarray(0, whole.lastIndexOf('startxref')),
      ['SOURCE_TRUNCATED: The PDF is truncated. One page could be found in it.'],
    ],
  ])('is processed %s', async (_what, source, warnings) => {
    expect(await probed(source)).toEqual(['application/pdf', ...warnings])
    expect(await inPdf(source, pdf => pageText(pdf, 0, 100))).toBe('Hello')
  })

  it.each([
    [
      'cut before its table of objects',
      whole.subarray(0, whole.lastIndexOf('xref\n0 ')),
      'application/pdf',
      'TRUNCATED_FILE',
    ],
    ['cut before its page', whole.subarray(0, whole.indexOf('3 0 obj')), 'application/pdf', 'TRUNCATED_FILE'],
    ['cut after its header', whole.subarray(0, 20), 'application/pdf', 'TRUNCATED_FILE'],
    ['after an image', Buffer.concat([GIF, whole]), 'application/pdf', 'TYPE_MISMATCH'],
    ['that is said to be an image', before('\u0001'), 'image/png', 'TYPE_MISMATCH'],
  ])('is refused %s', async (_what, source, declaredType, code) => {
    await expect(probed(source, declaredType)).rejects.toMatchObject({ code })
  })

  it('is looked at in no time, however much blank there is before its last byte', async () => {
    const file = path.join(await tempDir(), 'original')
    await writeFile(file, `${' '.repeat(32_000)}x`)
    // CPU time, because a busy machine lets it wait.
    const begun = process.cpuUsage()
    expect(await fileFrame(file)).toMatchObject({ isCut: true })
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(500)
  })

  it('is no PDF where a text speaks of one', async () => {
    expect(await probed(Buffer.from('A PDF begins with %PDF-1.7.\n'), 'text/plain')).toEqual(['text/plain'])
  })
})
