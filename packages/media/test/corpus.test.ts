import { readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { BUILT_IN_PRESETS, PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageFacts } from '../src/facts.ts'
import { plan } from '../src/index.ts'
import { CORPUS, markedLimits, noCorpus, type Processed, processFile, tempDir, testPool, usePool } from './pool.ts'

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tif: 'image/tiff',
  heic: 'image/heic',
  jxl: 'image/jxl',
  svg: 'image/svg+xml',
}
const REFUSED: Record<string, string> = {
  'rejected:truncated': 'TRUNCATED_FILE',
  'rejected:corrupt': 'CORRUPT_FILE',
  'rejected:too-many-pixels': 'TOO_MANY_PIXELS',
  'rejected:type-mismatch': 'TYPE_MISMATCH',
  'rejected:no-dimensions': 'NO_DIMENSIONS',
}
/** Where the manifest leaves it to us. */
const PROCESSED = ['processed', 'policy:processed-or-rejected:unsupported-type', 'policy:rasterise-or-rejected:svg']

interface Row {
  file: string
  type: string
  expected: string
  width: number
  height: number
  frames: number
}

function readManifest(): Row[] {
  if (noCorpus) return []
  const [head = '', ...lines] = readFileSync(path.join(CORPUS, 'MANIFEST.tsv'), 'utf8').trim().split('\n')
  const columns = head.split('\t')
  return lines
    .map(line => line.split('\t'))
    .map(cells => Object.fromEntries(columns.map((name, n) => [name, cells[n] ?? ''])))
    .map(row => ({
      file: row.file ?? '',
      type: TYPES[path.extname(row.file ?? '').slice(1)] ?? '',
      expected: row.expected ?? '',
      width: Number(row.upright_width),
      height: Number(row.upright_height),
      frames: Number(row.frames_or_pages) || 1,
    }))
    .filter(row => row.type !== '')
}

const rows = readManifest()
const processed = rows.filter(row => PROCESSED.includes(row.expected))
const refused = rows.filter(row => row.expected in REFUSED)
const svgRows = rows.filter(row => row.type === 'image/svg+xml')
const definition =
  BUILT_IN_PRESETS.filter(({ name }) => name === 'default').at(-1)?.definition ?? PresetDefinition.parse({})

if (noCorpus) console.warn(`skipped: ${noCorpus}`)

describe.skipIf(noCorpus)('the corpus', () => {
  const pool = usePool(markedLimits({ acceptsSvg: true }))

  const known = new Map<string, Promise<Processed>>()
  /** Each file is processed once, and looked at by several tests. */
  function fromCorpus(name: string, declaredType: string): Promise<Processed> {
    const made = known.get(name) ?? processFile(pool, { file: path.join(CORPUS, name), declaredType, definition })
    known.set(name, made)
    return made
  }

  it('is read, and every file is accounted for', () => {
    expect([processed, refused, svgRows].every(list => list.length > 0)).toBe(true)
    expect(processed.length + refused.length).toBe(rows.length)
  })

  it.each(processed)('$file gives its upright size and variants of the planned size', async row => {
    const processed = await fromCorpus(row.file, row.type)
    const { variants, reports, placeholder } = processed
    const facts = processed.facts as ImageFacts
    expect([facts.width, facts.height, facts.contentType]).toEqual([row.width, row.height, row.type])
    expect(facts.frameCount * (facts.pageCount ?? 1)).toBe(row.frames)
    expect(variants).toEqual(reports)
    expect(variants.map(v => v.name)).toEqual(plan(facts, definition).variants.map(v => v.name))
    for (const { name, ...made } of variants) {
      const planned = plan(facts, definition).variants.find(v => v.name === name)
      const { data, info } = await sharp(made.file, { page: 0 }).raw().toBuffer({ resolveWithObject: true })
      expect([info.width, info.height], name).toEqual([planned?.width, planned?.height])
      expect(data.length).toBeGreaterThan(0)
      const { exif, xmp, iptc, icc, orientation, format } = await sharp(made.file).metadata()
      expect({ exif, xmp, iptc, icc, orientation }, name).toEqual({})
      expect(`image/${format}`).toBe(made.contentType)
      expect(readFileSync(made.file)).toHaveLength(made.byteSize)
    }
    expect(placeholder?.dominantColor).toMatch(/^#[0-9a-f]{6}$/)
    expect(Buffer.from(placeholder?.thumbhash ?? '', 'base64').length).toBeGreaterThan(4)
  })

  it.each([
    ...[2, 3, 4, 5, 6, 7, 8].map(n => [`jpeg-exif-orientation-${n}.jpg`, 'jpeg-exif-orientation-1.jpg', 'image/jpeg']),
    // libheif applies irot by itself, so the image as sharp opens it is upright already.
    ['avif-irot-exif6-p3.avif', 'avif-irot-exif6-p3.avif', 'image/avif'],
  ])('%s is turned once, and the right way', async (name = '', upright = '', declaredType = '') => {
    const { variants } = await fromCorpus(name, declaredType)
    const small = (file: string) => sharp(file).resize(60, 60, { fit: 'fill' }).removeAlpha().raw().toBuffer()
    const made = await small(variants.find(v => v.name === 'small')?.file ?? '')
    const expected = await small(path.join(CORPUS, upright))
    const mean = made.reduce((sum, value, at) => sum + Math.abs(value - (expected[at] ?? 0)), 0) / made.length
    expect(mean).toBeLessThan(12)
  })

  it('png-exif-orientation-6.png is turned as independent code turns it', async () => {
    const file = path.join(CORPUS, 'png-exif-orientation-6.png')
    const only = [{ name: 'exact', format: 'png' }]
    const exact = PresetDefinition.parse({ image: { variants: only } })
    const { variants } = await processFile(pool, { file, declaredType: 'image/png', definition: exact })
    const made = await sharp(variants[0]?.file ?? '')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const source = await sharp(file).raw().toBuffer({ resolveWithObject: true })
    // Orientation 6: the right column of the upright image is the top row of the stored one.
    const pixel = ({ data, info }: typeof source, x: number, y: number) =>
      [...data.subarray((y * info.width + x) * info.channels)].slice(0, 3)
    for (const [x, y] of [
      [0, 0],
      [150, 10],
      [20, 90],
      [199, 99],
    ] as const) {
      expect(pixel(made, source.info.height - 1 - y, x)).toEqual(pixel(source, x, y))
    }
  })

  it.each(refused)('$file is refused: $expected', async row => {
    const file = path.join(CORPUS, row.file)
    await expect(processFile(pool, { file, declaredType: row.type, definition })).rejects.toMatchObject({
      code: REFUSED[row.expected],
    })
  })

  it.each(svgRows)('$file is refused where SVG files are not taken', async row => {
    const strict = await testPool(markedLimits(), { size: 1 })
    const job = processFile(strict, { file: path.join(CORPUS, row.file), declaredType: row.type, definition })
    await expect(job).rejects.toMatchObject({ code: 'UNSUPPORTED_TYPE' })
    await strict.close()
  })

  it.each(rows.filter(row => row.file.includes('bomb')))(
    '$file is refused by its header and costs no memory',
    async row => {
      const workDir = await tempDir()
      const file = path.join(workDir, 'source')
      await copyFile(path.join(CORPUS, row.file), file)
      const options = { projectId: row.file, signal: new AbortController().signal, timeoutMs: 10_000 }
      await pool.withChild(options, async child => {
        const before = child.peakRssBytes
        const probed = child.probe({ file, declaredType: row.type })
        await expect(probed).rejects.toMatchObject({ code: 'TOO_MANY_PIXELS' })
        expect(child.peakRssBytes - before).toBeLessThan(50 * 1024 * 1024)
      })
    },
  )

  it('the GPS position of the source is in no fact and in no variant', async () => {
    const file = path.join(CORPUS, 'jpeg-gps-exif.jpg')
    const gps = Buffer.from('GPS')
    expect((await sharp(file).metadata()).exif?.length).toBeGreaterThan(0)
    const { facts, variants } = await fromCorpus('jpeg-gps-exif.jpg', 'image/jpeg')
    expect(JSON.stringify(facts)).not.toMatch(/gps|latitude|longitude|serial/i)
    for (const variant of variants) {
      const bytes = readFileSync(variant.file)
      expect(bytes.includes(gps) || bytes.includes('Exif\0')).toBe(false)
    }
  })
})
