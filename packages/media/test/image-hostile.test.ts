import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type MediaPool, plan, type VariantFile } from '../src/index.ts'
import { fileOf, fourColors, imagePreset, pixelsOf, processBytes, stillImage } from './image-bed.ts'
import * as hostile from './image-hostile-files.ts'
import { markedLimits, processesOf, processFile, tempDir, testPool, usePool } from './pool.ts'

const MIB = 1024 * 1024
/**
 * A refusal is a matter of milliseconds: the design asks for less than 2 s. A busy machine makes it seconds, an attack that
 * works minutes; in between lies what tells the two apart without fail.
 */
const MAX_MS = 20_000

const pool = usePool(markedLimits({ acceptsSvg: true }), { size: 1 })

interface Outcome {
  projectId: string
  /** Code of the refusal, or `made` with the image. */
  code: string
  file?: string
  ms: number
  /** Memory of the process beyond what it had before. */
  grownBytes: number
}

/** Probes and renders bytes in a process of their own, and says what came of it. */
async function attack(bytes: Buffer | string, declaredType: string, pool: MediaPool): Promise<Outcome> {
  const workDir = await tempDir()
  const file = path.join(workDir, 'source')
  await writeFile(file, bytes)
  // A project of its own has a process of its own, with nothing in memory yet.
  const job = { projectId: workDir, signal: new AbortController().signal, timeoutMs: 60_000 }
  return await pool.withChild(job, async child => {
    await child.probe({ file, declaredType: 'image/png' }).catch(() => undefined)
    const before = child.peakRssBytes
    const startedMs = performance.now()
    const result = await makeOne(child, { file, declaredType, outDir: workDir })
    return { ...result, projectId: workDir, ms: performance.now() - startedMs, grownBytes: child.peakRssBytes - before }
  })
}

type Child = Parameters<Parameters<MediaPool['withChild']>[1]>[0]

async function makeOne(child: Child, job: { file: string; declaredType: string; outDir: string }) {
  const made: VariantFile[] = []
  try {
    const facts = await child.probe(job)
    const planned = plan(facts, imagePreset(stillImage({ width: 64 })))
    await child.render({ ...job, facts, plan: planned }, { onVariant: one => 'file' in one && made.push(one) })
    return { code: 'made', file: made[0]?.file ?? '' }
  } catch (error) {
    return { code: (error as { code: string }).code }
  }
}

/** Whatever happened before: the next good file is processed, by the same process when that is still alive. */
async function works(pool: MediaPool, { projectId }: Pick<Outcome, 'projectId'>): Promise<void> {
  const file = await fileOf(await fourColors(20, 20))
  const job = { projectId, file, declaredType: 'image/png', definition: imagePreset(stillImage({})) }
  expect((await processFile(pool, job)).variants).toHaveLength(1)
}

const withMagic = (hex: string): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(2000, 1)])

const FILES: readonly [
  title: string,
  type: string,
  make: () => Promise<Buffer> | Buffer | string,
  code: string,
  mib: number,
][] = [
  [
    'a JPEG that claims 64,250 × 64,250',
    'image/jpeg',
    () => hostile.jpegOfClaimedSize(0xfafa, 0xfafa),
    'TOO_MANY_PIXELS',
    50,
  ],
  ['a black PNG of 240 MP in 0.2 MB', 'image/png', () => hostile.blackPng(20_000, 12_000), 'TOO_MANY_PIXELS', 50],
  ['a PNG that claims 2^31 × 2^31', 'image/png', () => hostile.pngOfClaimedSize(2 ** 31, 2 ** 31), 'CORRUPT_FILE', 50],
  [
    'a PNG that claims 2^31 − 1',
    'image/png',
    () => hostile.pngOfClaimedSize(2 ** 31 - 1, 2 ** 31 - 1),
    'CORRUPT_FILE',
    50,
  ],
  [
    'a PNG with fewer pixels than it claims',
    'image/png',
    () => hostile.pngOfClaimedSize(5000, 5000),
    'CORRUPT_FILE',
    100,
  ],
  ['a profile that unpacks to 100 MB', 'image/png', () => hostile.pngWithBomb('iCCP', 100 * MIB), 'made', 50],
  ['a text that unpacks to 100 MB', 'image/png', () => hostile.pngWithBomb('zTXt', 100 * MIB), 'made', 50],
  ['a GIF of 1 × 1 with 40,000 frames', 'image/gif', () => hostile.gifOfFrames(40_000), 'TOO_MANY_FRAMES', 50],
  ['a WebP with 5,000 frames', 'image/webp', () => hostile.webpOfFrames(5000), 'TOO_MANY_FRAMES', 50],
  ['a TIFF with 10,000 pages', 'image/tiff', () => hostile.tiffOfPages(10_000), 'TOO_MANY_FRAMES', 50],
  [
    'a TIFF whose last page is followed by the first',
    'image/tiff',
    () => hostile.tiffOfPages(3, true),
    'CORRUPT_FILE',
    50,
  ],
  [
    'a JPEG XL that claims 10^9 × 10^9',
    'image/jxl',
    () => hostile.jxlOfClaimedSize(1_000_000_000),
    'TOO_MANY_PIXELS',
    50,
  ],
  ['a JPEG XL without pixels', 'image/jxl', () => hostile.jxlOfClaimedSize(5000), 'CORRUPT_FILE', 150],
  [
    'an AVIF that moves',
    'image/avif',
    async () => {
      const still = await sharp(await fourColors(16, 16))
        .avif({ effort: 0 })
        .toBuffer()
      still.write('avis', 8, 'latin1')
      return still
    },
    'UNSUPPORTED_TYPE',
    50,
  ],
  ['EXR named JPEG', 'image/jpeg', () => withMagic('762f310102000000'), 'UNRECOGNIZED_TYPE', 50],
  [
    'DICOM named JPEG',
    'image/jpeg',
    () => Buffer.concat([Buffer.alloc(128), withMagic('4449434d')]),
    'TYPE_MISMATCH',
    50,
  ],
  ['a raw photo of Canon named JPEG', 'image/jpeg', () => withMagic('49492a001000000043520200'), 'TYPE_MISMATCH', 50],
  [
    'a raw photo of Fujifilm named JPEG',
    'image/jpeg',
    () => Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201'), Buffer.alloc(2000, 1)]),
    'TYPE_MISMATCH',
    50,
  ],
  ['PSD named JPEG', 'image/jpeg', () => withMagic('3842505300010000'), 'TYPE_MISMATCH', 50],
  [
    'JPEG 2000 named JPEG',
    'image/jpeg',
    () => withMagic('0000000c6a5020200d0a870a00000014667479706a703220'),
    'TYPE_MISMATCH',
    50,
  ],
  ['a GIF that is JavaScript', 'image/gif', () => 'GIF89a/*          */=1;alert(1)//', 'CORRUPT_FILE', 50],
]

describe('a hostile image', () => {
  it.each(FILES)('%s ends as it must', async (_title, type, make, code, mib) => {
    const outcome = await attack(await make(), type, pool)
    expect(outcome.code).toBe(code)
    expect(outcome.ms).toBeLessThan(MAX_MS)
    expect(outcome.grownBytes).toBeLessThan(mib * MIB)
    await works(pool, outcome)
  })

  it('that takes longer than its time is ended', async () => {
    const limits = markedLimits({ timeoutMs: 2000 })
    const impatient = await testPool(limits, { size: 1 })
    const outcome = await attack(hostile.progressiveJpeg(8000, 800), 'image/jpeg', impatient)
    expect(outcome.code).toBe('TIMEOUT')
    expect(outcome.grownBytes).toBeLessThan(300 * MIB)
    await works(impatient, outcome)
    await impatient.close()
    expect(processesOf(limits)).toEqual([])
  })

  it('is refused for what it is, not for how it was made: harmless ones of the same make are processed', async () => {
    for (const [bytes, type] of [
      [hostile.blackPng(10, 10), 'image/png'],
      [hostile.gifOfFrames(3), 'image/gif'],
      [await hostile.webpOfFrames(3), 'image/webp'],
      [hostile.tiffOfPages(3), 'image/tiff'],
      [hostile.progressiveJpeg(64, 60), 'image/jpeg'],
    ] as const) {
      expect([type, (await attack(bytes, type, pool)).code]).toEqual([type, 'made'])
    }
  })
})

describe('a hostile SVG', () => {
  let canary: Server
  let hits = 0
  let url: string
  beforeAll(async () => {
    canary = createServer((_request, response) => {
      hits++
      response.end()
    })
    await new Promise<void>(resolve => canary.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  })
  afterAll(() => canary?.close())

  const { svg } = hostile
  const image = (href: string) => `<image href="${href}" xlink:href="${href}" width="60" height="40"/>`
  const dataUrl = (text: string) => `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}`
  const SVG_FILES: readonly [title: string, make: () => Buffer | string, code: string][] = [
    ['a script', () => svg(`<script>fetch("${url}")</script>`), 'made'],
    [
      'an event handler',
      () => svg('<rect width="9" height="9" onload="alert(1)"/>', 'width="60" height="40" onload="x"'),
      'made',
    ],
    ['foreign HTML', () => svg(`<foreignObject width="60" height="40"><img src="${url}"/></foreignObject>`), 'made'],
    [
      'a file of the host',
      () => svg(image('file:///etc/passwd') + image('/etc/passwd') + image('../../etc/passwd')),
      'made',
    ],
    ['a picture from the network', () => svg(image(`${url}/a.png`)), 'made'],
    ['a style sheet from the network', () => svg(`<style>@import url("${url}/a.css");</style>`), 'made'],
    ['a style sheet beside it', () => `<?xml-stylesheet href="${url}/b.css" type="text/css"?>${svg('')}`, 'made'],
    [
      'a part of another drawing',
      () => svg(`<use xlink:href="${url}/c.svg#a"/><use href="file:///etc/d.svg#a"/>`),
      'made',
    ],
    [
      'XInclude',
      () => svg('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
      'UNSUPPORTED_TYPE',
    ],
    ['an outer document type', () => `<!DOCTYPE svg SYSTEM "${url}/d.dtd">${svg('')}`, 'made'],
    [
      'an entity that names a file',
      () => `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('<text>&x;</text>')}`,
      'UNSUPPORTED_TYPE',
    ],
    ['a billion laughs', hostile.billionLaughs, 'UNSUPPORTED_TYPE'],
    ['a billion uses', hostile.useBomb, 'UNSUPPORTED_TYPE'],
    [
      'a billion uses that a > hides',
      () => hostile.useBomb().replaceAll('<use ', '<use class=">" '),
      'UNSUPPORTED_TYPE',
    ],
    ['a billion uses in a data URL', () => svg(image(dataUrl(hostile.useBomb()))), 'UNSUPPORTED_TYPE'],
    ['a billion laughs in a data URL', () => svg(image(dataUrl(hostile.billionLaughs()))), 'UNSUPPORTED_TYPE'],
    ['a billion patterns', hostile.patternBomb, 'UNSUPPORTED_TYPE'],
    [
      'attributes that its document type declares',
      () => `<!DOCTYPE svg [<!ATTLIST use href CDATA "#a">]>${svg('<use/>')}`,
      'UNSUPPORTED_TYPE',
    ],
    [
      'a width of 10^9 after a comment',
      () => `<!-- <svg width="9" height="9"> -->${svg('', 'width="1e9" height="1e9"')}`,
      'TOO_MANY_PIXELS',
    ],
    ['an entity in a comment only', () => `<!-- <!ENTITY a "b"> -->${svg('')}`, 'made'],
    ['a use of itself', () => svg('<g id="a"><use xlink:href="#a"/></g>'), 'made'],
    ['a view box of 10^9', () => svg('', 'viewBox="0 0 1000000000 1000000000"'), 'TOO_MANY_PIXELS'],
    ['a width of 10^9', () => svg('', 'width="1e9" height="1e9"'), 'TOO_MANY_PIXELS'],
    ['a width of 30,000', () => svg('', 'width="30000" height="30000"'), 'TOO_MANY_PIXELS'],
    ['no size', () => '<svg xmlns="http://www.w3.org/2000/svg"/>', 'NO_DIMENSIONS'],
    ['UTF-16', () => hostile.utf16(svg('<rect width="60" height="40"/>')), 'made'],
    ['an entity in UTF-16', () => hostile.utf16(hostile.billionLaughs()), 'UNSUPPORTED_TYPE'],
    ['UTF-7', () => `<?xml version="1.0" encoding="UTF-7"?>${svg('')}`, 'TYPE_MISMATCH'],
    ['a compressed bomb', hostile.svgz, 'TYPE_MISMATCH'],
    ['what is no XML', () => '<svg width="9" height="9"><g', 'CORRUPT_FILE'],
  ]

  it.each(SVG_FILES)('with %s ends as it must', async (_title, make, code) => {
    const outcome = await attack(make(), 'image/svg+xml', pool)
    expect(outcome.code).toBe(code)
    expect(outcome.ms).toBeLessThan(MAX_MS)
    expect(outcome.grownBytes).toBeLessThan(100 * MIB)
    expect(hits).toBe(0)
    await works(pool, outcome)
  })

  it('gets nothing drawn of what it refers to, but what it contains', async () => {
    const red = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer()
    const workDir = await tempDir()
    const secret = path.join(workDir, 'secret.png')
    await writeFile(secret, red)
    // In the sandbox there would be nothing to find.
    const seeing = await testPool(markedLimits({ acceptsSvg: true }), { size: 1, sandbox: 'off' })
    onTestFinished(() => seeing.close())
    const pixelOf = async (href: string) =>
      (await pixelsOf((await attack(svg(image(href)), 'image/svg+xml', seeing)).file)).at(30, 20)
    expect(await pixelOf(`data:image/png;base64,${red.toString('base64')}`)).toEqual([255, 0, 0, 255])
    expect(await pixelOf(`file://${secret}`)).toEqual([0, 0, 0, 0])
    expect(await pixelOf(secret)).toEqual([0, 0, 0, 0])
    expect(await pixelOf(path.relative('/', secret))).toEqual([0, 0, 0, 0])
  })

  it('is drawn with what it contains, and published as pixels', async () => {
    const { facts, variants } = await processBytes(
      ...([pool, svg('<rect width="30" height="40" fill="#00ff00"/>'), 'image/svg+xml'] as const),
      stillImage({}),
    )
    expect(facts).toMatchObject({ width: 60, height: 40, contentType: 'image/svg+xml', hasAlpha: true })
    const { at } = await pixelsOf(variants[0]?.file)
    expect([at(10, 20), at(50, 20)]).toEqual([
      [0, 255, 0, 255],
      [0, 0, 0, 0],
    ])
    expect(variants[0]?.contentType).toBe('image/png')
  })
})
