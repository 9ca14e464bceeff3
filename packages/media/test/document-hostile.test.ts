import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { PresetDefinition } from '@darkroom/contracts'
import { manyPages, onePage, pdf } from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { fileOf, type ProcessedDocument, processDocument } from './document-bed.ts'
import { markedLimits, processesOf, usePool } from './pool.ts'

const MIB = 1024 ** 2

const deflated = (data: Buffer) => deflateSync(data, { level: 9 })
/** A block of text over and over, deflated twice: some kilobytes that become as many megabytes as wanted. */
function bomb(mib: number, fill = ' '): Buffer {
  const block = deflateRawSync(Buffer.alloc(MIB, fill), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  const zlibHeader = Buffer.from([0x78, 0x9c])
  return deflated(Buffer.concat([zlibHeader, ...Array.from({ length: mib }, () => block)]))
}
const FLATE_TWICE = '/Filter[/FlateDecode/FlateDecode]'
const FORM = '/Type/XObject/Subtype/Form/BBox[0 0 100 100]'
const xObject = (number: number) => `/Resources<</XObject<</X ${number} 0 R>>>>`
const treeOf = (pages: string, leaf: string) => pdf(['<</Type/Catalog/Pages 2 0 R>>', pages, leaf])
const LEAF = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>'

/** What each is, and what becomes of it: made, made but for some variants, or refused. */
const CASES: [what: string, outcome: string, make: () => Buffer][] = [
  ['10,000 pages', 'TOO_MANY_PAGES', () => manyPages(10_000)],
  ['a page of 200 inches', 'made', () => onePage({ mediaBox: '0 0 14400 14400' })],
  ['a page of 1 km × 0.01 pt', 'made', () => onePage({ mediaBox: '0 0 2834645 0.01' })],
  ['a page without an area', 'made', () => onePage({ mediaBox: '0 0 0 0' })],
  ['a page of infinite size', 'made', () => onePage({ mediaBox: '0 0 1e400 99999999999' })],
  ['a page that is upside down', 'made', () => onePage({ mediaBox: '100 100 0 0' })],
  [
    'a page of 1 GB deflated twice',
    'partly RESOURCE_LIMIT',
    () => onePage({ content: bomb(1000), filter: FLATE_TWICE }),
  ],
  [
    'objects of 1 GB deflated twice',
    'made',
    () =>
      pdf([
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 9 0 R>>',
        { dictionary: `/Type/ObjStm/N 100000/First 1000000${FLATE_TWICE}`, stream: bomb(1000, '1 ') },
      ]),
  ],
  [
    'an image of 60,000 × 60,000',
    'partly TOO_MANY_PIXELS',
    () =>
      onePage({
        content: 'q 200 0 0 100 0 0 cm /X Do Q',
        page: xObject(5),
        more: [
          {
            dictionary: `/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB${FLATE_TWICE}`,
            stream: bomb(100),
          },
        ],
      }),
  ],
  ['a table of objects that continues in itself', 'made', () => onePage({ trailer: '/Prev 9' })],
  [
    'a page tree that contains itself',
    'CORRUPT_FILE',
    () => treeOf('<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>', '<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>'),
  ],
  [
    '2,147,483,647 pages, of which 1 is there',
    'made',
    () => treeOf('<</Type/Pages/Kids[3 0 R]/Count 2147483647>>', LEAF),
  ],
  ['40 pages, of which 1 is there', 'made', () => treeOf('<</Type/Pages/Kids[3 0 R]/Count 40>>', LEAF)],
  ['-4 pages', 'made', () => treeOf('<</Type/Pages/Kids[3 0 R]/Count -4>>', LEAF)],
  ['arrays nested 200,000 deep', 'made', () => onePage({ page: `/X ${'['.repeat(200_000)}${']'.repeat(200_000)}` })],
  ['500,000 arrays that never end', 'made', () => onePage({ content: '['.repeat(500_000) })],
  ['1,000,000 saved states', 'made', () => onePage({ content: 'q '.repeat(1_000_000) })],
  [
    'a form that draws itself twice',
    'partly RESOURCE_LIMIT',
    () =>
      onePage({
        content: '/X Do',
        page: xObject(5),
        more: [{ dictionary: `${FORM}${xObject(5)}`, stream: '/X Do /X Do' }],
      }),
  ],
  [
    'nothing but a header',
    'TRUNCATED_FILE',
    () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5000, 0xd9)]),
  ],
  ['a PDF that begins at byte 1,024', 'UNRECOGNIZED_TYPE', () => Buffer.concat([Buffer.alloc(1024, 1), onePage()])],
]

const limits = markedLimits({ maxRssBytes: 1024 * MIB })
const pool = usePool(limits, { size: 1 })

/** What went wrong, of all or of some of it; `made` when nothing did. */
async function outcomeOf(source: Buffer): Promise<{ outcome: string; peakRssBytes: number }> {
  const made: ProcessedDocument | { code: string } = await processDocument(pool, { isFresh: true, source }).catch(
    error => error,
  )
  if ('code' in made) return { outcome: made.code, peakRssBytes: 0 }
  const fault = made.reports.find(report => 'error' in report)
  return { outcome: fault && 'error' in fault ? `partly ${fault.error.code}` : 'made', peakRssBytes: made.peakRssBytes }
}

const good = () => onePage({ content: 'BT /F1 24 Tf 10 40 Td (Hello) Tj ET' })
const isGoodMade = async () =>
  readFileSync(fileOf(await processDocument(pool, { isFresh: true, source: good() }), 'text'), 'utf8')

describe('a hostile PDF', () => {
  it.each(CASES)('%s: %s', async (_what, expected, make) => {
    const startedMs = performance.now()
    const { outcome, peakRssBytes } = await outcomeOf(make())
    expect(outcome).toBe(expected)
    expect(peakRssBytes).toBeLessThan(limits.maxRssBytes)
    expect(performance.now() - startedMs).toBeLessThan(45_000)
  })

  it('that takes for ever is ended in time, and the next one is made', async () => {
    const curve = (n: number) =>
      `${n % 200} ${n % 97} m ${n % 89} ${n % 53} ${n % 71} ${n % 61} ${n % 191} ${n % 83} c S\n`
    const content = deflated(Buffer.from(Array.from({ length: 400_000 }, (_, n) => curve(n)).join('')))
    const source = onePage({ content, filter: '/Filter/FlateDecode' })
    const startedMs = performance.now()
    await expect(processDocument(pool, { isFresh: true, source, timeoutMs: 2500 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
    expect(performance.now() - startedMs).toBeLessThan(30_000)
    expect(await isGoodMade()).toBe('Hello\f')
    expect(processesOf(limits).length).toBeLessThanOrEqual(2 * 3)
  })

  it('does nothing that it asks for: no script, no program, no address, no attachment', async () => {
    const script = '<</S/JavaScript/JS(this.exportDataObject\\("a"\\);app.launchURL\\("http://127.0.0.1:9/"\\))>>'
    const catalog = `/OpenAction ${script}/AA<</WC<</S/Launch/F(/bin/touch)/P(/tmp/canary)>>>>/Names<</JavaScript<</Names[(a)${script}]>>/EmbeddedFiles<</Names[(a)5 0 R]>>>>`
    const page = '/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>'
    const more = [
      '<</Type/Filespec/F(attachment.exe)/EF<</F 6 0 R>>>>',
      { dictionary: '/Type/EmbeddedFile', stream: 'ATTACHED-CANARY' },
    ]
    const content = 'BT /F1 24 Tf 10 40 Td (Hello) Tj ET'
    const asking = await processDocument(pool, { isFresh: true, source: onePage({ content, catalog, page, more }) })
    const plain = await processDocument(pool, { isFresh: true, source: good() })
    expect(asking.reports.map(({ name }) => name)).toEqual(plain.reports.map(({ name }) => name))
    expect(asking.facts).toEqual(plain.facts)
    for (const { name } of plain.variants) {
      expect(readFileSync(fileOf(asking, name)).equals(readFileSync(fileOf(plain, name))), name).toBe(true)
    }
  })
})

describe('a large PDF', () => {
  const definition = PresetDefinition.parse({
    document: { variants: [{ name: 'page', type: 'page', format: 'webp' }] },
  })

  it('of 200 inches is made as large as a good print of A3, no larger', async () => {
    const made = await processDocument(pool, {
      isFresh: true,
      source: onePage({ mediaBox: '0 0 14400 14400' }),
      definition,
    })
    expect(made.variants[0]).toMatchObject({ width: 5000, height: 5000 })
    expect(made.peakRssBytes).toBeLessThan(600 * MIB)
  })

  it('of 3 GB takes no more memory than a small one', async () => {
    const made = await processDocument(pool, { isFresh: true, source: file => writeSparse(file, 3000 * MIB) })
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('Hello\f')
    expect(made.peakRssBytes).toBeLessThan(300 * MIB)
  })

  it('of more than 4 GB is refused', async () => {
    const refused = processDocument(pool, { isFresh: true, source: file => writeSparse(file, 4097 * MIB) })
    await expect(refused).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

/** The good document with a hole of so many bytes after its header. */
async function writeSparse(path: string, hole: number): Promise<void> {
  const document = good().toString('latin1')
  const headBytes = document.indexOf('1 0 obj')
  const moved = document
    .slice(headBytes)
    .replace(/^\d{10}(?= 00000 n)/gm, offset => String(Number(offset) + hole).padStart(10, '0'))
  const tail = moved.replace(/(?<=startxref\n)\d+/, offset => String(Number(offset) + hole))
  await using file = await open(path, 'w')
  await file.write(Buffer.from(document.slice(0, headBytes), 'latin1'), 0, headBytes, 0)
  await file.write(Buffer.from(tail, 'latin1'), 0, tail.length, headBytes + hole)
}
