import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { BUILT_IN_PRESETS, MEDIA_TYPES } from '@darkroom/contracts'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fileOf, processDocument } from './document-bed.ts'
import { markedLimits, usePool } from './pool.ts'
import { zip } from './zip.ts'

const MIB = 1024 ** 2
const OFFICE = 'application/vnd.openxmlformats-officedocument'
const OPEN = 'application/vnd.oasis.opendocument'
const definition = BUILT_IN_PRESETS.findLast(({ name }) => name === 'default')?.definition

const pool = usePool(markedLimits(), { size: 1 })

const run = (declaredType: string, source: Uint8Array, isFresh = false) =>
  processDocument(pool, { source, declaredType, isFresh, ...(definition && { definition }) })

/** What Office writes of itself in front of everything. */
const office = (part: string, type: string) =>
  zip({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${part}" ContentType="${type}.main+xml"/></Types>`,
    [part]: '<x/>',
  })

const PACKED: [string, () => Buffer][] = [
  ['application/zip', () => zip({ 'a.txt': 'hello' })],
  [`${OFFICE}.wordprocessingml.document`, () => office('word/document.xml', `${OFFICE}.wordprocessingml.document`)],
  [`${OFFICE}.spreadsheetml.sheet`, () => office('xl/workbook.xml', `${OFFICE}.spreadsheetml.sheet`)],
  [
    `${OFFICE}.presentationml.presentation`,
    () => office('ppt/presentation.xml', `${OFFICE}.presentationml.presentation`),
  ],
  [`${OPEN}.text`, () => zip({ mimetype: `${OPEN}.text` })],
  [`${OPEN}.spreadsheet`, () => zip({ mimetype: `${OPEN}.spreadsheet` })],
  [`${OPEN}.presentation`, () => zip({ mimetype: `${OPEN}.presentation` })],
  ['application/epub+zip', () => zip({ mimetype: 'application/epub+zip' })],
  ['application/rtf', () => Buffer.from('{\\rtf1\\ansi Hello}')],
]

const TEXTS: [string, string][] = [
  ['text/plain', `\ufeffGrüße\r\naus ${'Köln '.repeat(1000)}\0\u001b[31m\r`],
  ['text/csv', 'a,b\n1,2\n'],
  ['text/markdown', '# Title\n'],
  ['application/json', '{"a": [1, 2]}'],
]

describe('a document that is no PDF', () => {
  it('is one of these', () => {
    const types = Object.entries(MEDIA_TYPES).filter(([, { kind }]) => kind === 'document')
    const others = types.map(([type]) => type).filter(type => type !== 'application/pdf')
    expect([...PACKED, ...TEXTS].map(([type]) => type).toSorted()).toEqual(others.toSorted())
  })

  it.each(PACKED)('%s gets the icon of its type', async (type, make) => {
    const made = await run(type, make())
    expect(made.facts).toMatchObject({ contentType: type, pageCount: null, width: null, pages: [], details: {} })
    expect([made.reports.map(({ name }) => name), made.placeholder]).toEqual([['icon'], null])
    expect(await sharp(fileOf(made, 'icon')).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 })
  })

  it.each(TEXTS)('%s gets the icon of its type, and is its own text', async (type, text) => {
    const made = await run(type, Buffer.from(text))
    expect(made.reports.map(({ name }) => name)).toEqual(['icon', 'text'])
    const expected = type === 'text/plain' ? `Grüße\naus ${'Köln '.repeat(1000)}[31m\n` : text
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe(expected)
  })

  it.each([
    ['text/plain', 'BMW prices\n'],
    ['text/plain', 'MZ is short for Mark Zbikowski.\n'],
    ['text/plain', '%!PS\n'],
    ['text/plain', 'GIF or PNG?\n'],
    ['text/plain', 'WEBVTT\n\nis how captions begin\n'],
    ['text/markdown', '<?xml version="1.0"?>\n<a/>\n'],
    ['text/plain', '<!DOCTYPE html><p>hello</p>\n'],
    ['text/plain', 'hi\n'],
  ])('%s that begins as other files do is its own text: %j', async (type, text) => {
    const made = await run(type, Buffer.from(text))
    expect(made.facts).toMatchObject({ contentType: type })
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe(text)
  })

  it.each([
    ['Windows-1252, as Excel writes it', Buffer.from('Stra\xdfe;5 \x80\r\n', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffStraße;5 €\r\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeffStraße;5 €\r\n', 'utf16le').swap16()],
  ])('a table in %s is published as UTF-8', async (_encoding, bytes) => {
    const made = await run('text/csv', bytes)
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('Straße;5 €\n')
  })

  it.each([
    ['a PDF', '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'],
    ['RTF', '{\\rtf1\\ansi Hello}'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a bitmap', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])],
  ])('is no text, whatever is declared, when it is %s', async (_title, source) => {
    await expect(run('text/plain', Buffer.from(source))).rejects.toMatchObject({ code: 'TYPE_MISMATCH' })
  })

  it.each([
    ['control characters', '\v\v\v\v'],
    ['what Unicode never assigns', '\uffff\uffff'],
  ])('that is a text of nothing but %s has an empty line', async (_what, text) => {
    const made = await run('text/plain', Buffer.from(text))
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('\n')
  })

  it('gives the first 4 MiB of a long text', async () => {
    const made = await run('text/plain', Buffer.from(`a${'ü'.repeat(5 * MIB)}`))
    const text = readFileSync(fileOf(made, 'text'))
    expect(text).toHaveLength(4 * MIB - 1)
    expect(text.toString()).toMatch(/^aü+$/)
  })

  it.each([
    ['application/zip', 'a.txt'],
    [`${OFFICE}.wordprocessingml.document`, '[Content_Types].xml'],
  ])('%s with 1 GB inside is not decompressed', async (type, name) => {
    const bomb = deflateRawSync(Buffer.alloc(1000 * MIB), { level: 1 })
    const outcome = await run(type, zip({ [name]: { deflated: bomb, bytes: 1000 * MIB } }), true).catch(error => error)
    if ('code' in outcome) expect(outcome.code).toBe('TYPE_MISMATCH')
    else {
      expect(outcome.reports.map(({ name }: { name: string }) => name)).toEqual(['icon'])
      expect(outcome.peakRssBytes).toBeLessThan(300 * MIB)
    }
  })
})
