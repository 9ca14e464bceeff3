import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import { manyPages, onePage } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fileOf, type ProcessedDocument, processDocument } from './document-bed.ts'
import { CORPUS, markedLimits, noCorpus, tempDir, usePool } from './pool.ts'

const pool = usePool(markedLimits(), { size: 1 })

const known = new Map<string, Promise<ProcessedDocument>>()

/** Each file is processed once, and looked at by several tests. */
function fromCorpus(name: string): Promise<ProcessedDocument> {
  const made = known.get(name) ?? processDocument(pool, { source: path.join(CORPUS, name) })
  known.set(name, made)
  return made
}

const A4 = [595.28, 841.89]
const LETTER = [612, 792]

if (noCorpus) console.warn(`skipped: ${noCorpus}`)

describe.skipIf(noCorpus)('a PDF of the corpus', () => {
  it.each([
    ['pdf-3-pages.pdf', [A4, A4, A4], 'Table Of Content\nChapter 1 ....'],
    ['pdf-page-rotate.pdf', [LETTER, [792, 612]], 'This is my first page with normal layout.\n'],
    ['pdf-cmyk-jpeg.pdf', [LETTER], '\f'],
    // JBIG2 of 100,000 × 100,000: poppler is still busy after 25 s, pdfium leaves it out.
    ['pdf-render-bomb.pdf', [LETTER], 'GIANT JBIG2 BOMB'],
  ])('%s has its pages, upright, and their text', async (name, pages, text) => {
    const made = await fromCorpus(name)
    const sizes = made.facts.pages.map(({ width, height }) => [width, height].map(side => Math.round(side * 100) / 100))
    expect([made.facts.pageCount, sizes]).toEqual([pages.length, pages])
    const names = ['thumb', ...pages.map((_, index) => `page-${index + 1}`), 'text']
    expect(made.reports.map(report => report.name)).toEqual(names)
    const written = readFileSync(fileOf(made, 'text'), 'utf8')
    expect(written).toContain(text)
    expect(written.split('\f')).toHaveLength(pages.length + 1)
    for (const { file, width, height } of made.variants.filter(({ contentType }) => contentType === 'image/png')) {
      expect(await sharp(file).metadata()).toMatchObject({ width, height, hasAlpha: false, channels: 3 })
    }
  })

  it.each([
    ['pdf-user-password.pdf', 'ENCRYPTED_DOCUMENT'],
    ['pdf-corrupt.pdf', 'CORRUPT_FILE'],
  ])('%s is refused: %s', async (name, code) => {
    await expect(fromCorpus(name)).rejects.toMatchObject({ code })
  })

  it('says who wrote it and with what, and nothing else', async () => {
    const { facts } = await fromCorpus('pdf-3-pages.pdf')
    expect(facts.details).toEqual({
      title: 'Basic API Test',
      author: 'Brendan Dahl',
      creator: 'pdf.js',
      pdfVersion: '1.7',
      producer: 'TCPDF 5.9.133 (http://www.tcpdf.org)',
    })
  })

  // Means of 6 × 6 parts of poppler 22.12's rendering at 72 dpi, in grey: an independent renderer where none is installed.
  it.each([
    ['pdf-3-pages.pdf', 1, 'f9faf8f7fcfcfdfdfdfdfefefffffffffffffffffffffffffffffffffffffefdfdfdfcfc'],
    ['pdf-3-pages.pdf', 2, 'f9fafdfdfdfdfdfefffffffffffffffffffffffffffffffffffffffffffffefdfdfdfcfc'],
    ['pdf-page-rotate.pdf', 1, 'fef7fafffffffffdfdffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
    ['pdf-page-rotate.pdf', 2, 'fdf9fcfffffffcfcfeffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
    ['pdf-cmyk-jpeg.pdf', 1, 'b09febfffeffe0c7f0fffefffffffffffffffefdfeffffffffffffffffffffffffffffff'],
  ])('%s, page %i, looks as poppler showed it', async (name, page, means) => {
    const made = sharp(fileOf(await fromCorpus(name), `page-${page}`))
    const parts = await made.resize(6, 6, { fit: 'fill' }).greyscale().toColourspace('b-w').raw().toBuffer()
    const difference = (value: number, at: number) =>
      Math.abs(value - Number.parseInt(means.slice(at * 2, at * 2 + 2), 16))
    expect(Math.max(...[...parts].map(difference))).toBeLessThanOrEqual(4)
  })

  const noPoppler = spawnSync('pdftoppm', ['-v']).error
  if (noPoppler) console.warn('skipped: the comparison with poppler itself; pdftoppm is not installed (poppler-utils)')

  it.skipIf(noPoppler).each([
    ['pdf-3-pages.pdf', 3],
    ['pdf-page-rotate.pdf', 2],
    ['pdf-cmyk-jpeg.pdf', 1],
  ])('%s, %i pages, look as poppler shows them', async (name, pages) => {
    const made = await fromCorpus(name)
    const prefix = path.join(await tempDir(), 'poppler')
    for (let page = 1; page <= pages; page++) {
      const variant = made.variants.find(variant => variant.name === `page-${page}`)
      const [x, y] = [`${variant?.width}`, `${variant?.height}`]
      const args = ['-png', '-singlefile', '-f', `${page}`, '-scale-to-x', x, '-scale-to-y', y]
      execFileSync('pdftoppm', [...args, path.join(CORPUS, name), prefix])
      const [ours, theirs] = await Promise.all([variant?.file ?? '', `${prefix}.png`].map(rgbOf))
      const sum = ours?.reduce((sum, value, at) => sum + Math.abs(value - (theirs?.[at] ?? 0)), 0) ?? Infinity
      expect(sum / (ours?.length ?? 1)).toBeLessThan(1.5)
    }
  })
})

const rgbOf = (file: string): Promise<Buffer> => sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer()

const definitionOf = (...variants: object[]): PresetDefinition => PresetDefinition.parse({ document: { variants } })

describe('a PDF', () => {
  it('becomes images of what is on the page, and a placeholder of the first one', async () => {
    const content = '1 0 0 rg 0 0 200 100 re f 0 0 1 rg 100 50 100 50 re f'
    const made = await processDocument(pool, { source: onePage({ content }) })
    const pixels = await rgbOf(fileOf(made, 'thumb'))
    const at = (x: number, y: number) => [...pixels.subarray((y * 256 + x) * 3, (y * 256 + x) * 3 + 3)]
    expect([at(10, 10), at(245, 10), at(10, 118), at(245, 118)]).toEqual([
      ...[
        [255, 0, 0],
        [0, 0, 255],
        [255, 0, 0],
      ],
      [255, 0, 0],
    ])
    expect(made.placeholder?.dominantColor).toBe('#ff0000')
  })

  it('shows annotations', async () => {
    const appearance = {
      dictionary: '/Type/XObject/Subtype/Form/BBox[0 0 200 100]',
      stream: '0 1 0 rg 0 0 200 100 re f',
    }
    const page = '/Annots[<</Type/Annot/Subtype/Stamp/F 4/Rect[0 0 200 100]/AP<</N 5 0 R>>>>]'
    const { placeholder } = await processDocument(pool, { source: onePage({ page, more: [appearance] }) })
    expect(placeholder?.dominantColor).toBe('#00ff00')
  })

  it('has a placeholder also when no image of it is asked for', async () => {
    const definition = definitionOf({ name: 'text', type: 'text' })
    const { placeholder } = await processDocument(pool, { source: onePage(), definition })
    expect(placeholder?.dominantColor).toBe('#ffffff')
  })

  it('is cut, padded and written as the preset says', async () => {
    const page = { type: 'page', width: 120, height: 120 }
    const definition = definitionOf(
      { ...page, name: 'cover', format: 'webp', fit: 'cover' },
      { ...page, name: 'pad', format: 'jpeg', fit: 'pad', background: '#0000ff' },
      { ...page, name: 'wide', format: 'png', width: 41, height: undefined },
    )
    const made = await processDocument(pool, { source: onePage({ content: '1 0 0 rg 0 0 200 100 re f' }), definition })
    const sizes = Object.fromEntries(made.variants.map(({ name, width, height }) => [name, [width, height]]))
    expect(sizes).toEqual({ cover: [120, 120], pad: [120, 120], wide: [41, 21] })
    const pad = await rgbOf(fileOf(made, 'pad'))
    const pixel = (y: number) => [...pad.subarray((y * 120 + 60) * 3, (y * 120 + 60) * 3 + 3)].map(value => value > 127)
    expect([pixel(10), pixel(60), pixel(110)]).toEqual([
      ...[
        [false, false, true],
        [true, false, false],
      ],
      [false, false, true],
    ])
  })

  it('has previews and text of its first pages only', async () => {
    const made = await processDocument(pool, { source: manyPages(60) })
    expect([made.facts.pageCount, made.facts.pages.length]).toEqual([60, 50])
    expect(made.reports.map(({ name }) => name)).toEqual(['thumb', 'page-1', 'page-2', 'page-3', 'text'])
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('\f\f\f')
  })

  it('is read in any script and kept to one line of control-free text in facts', async () => {
    const more = ['<</Title<FEFF0417043404300442000A00410301>/Keywords(hidden)/Secret(hidden)/Author()>>']
    const made = await processDocument(pool, { source: onePage({ more, trailer: '/Info 5 0 R' }) })
    expect(made.facts.details).toEqual({ title: 'Здат A\u0301', pdfVersion: '1.7' })
  })
})
