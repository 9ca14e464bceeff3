import { readFileSync } from 'node:fs'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { CORPUS, noCorpus } from './pool.ts'
import { verdict } from './privacy-bed.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const
const AUTHOR = { IFD0: { Artist: 'Änne Example', Copyright: '© 2026 Änne Example' } }
const GPS = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1', GPSLongitudeRef: 'E' } }
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>48,8N</exif:GPSLatitude></x:xmpmeta>'

const testImage = () =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal', noise: { type: 'gaussian', sigma: 20 } } })
const made = (image: Sharp, format: (typeof FORMATS)[number]) => image.toFormat(format).toBuffer()

describe.each(FORMATS)('a %s', format => {
  const contentType = `image/${format}`
  const judge = async (image: Sharp, look: object = {}) => verdict({ contentType, ...look }, await made(image, format))

  it('with nothing but pixels is announced', async () => {
    expect(await judge(testImage())).toBe('announced')
    expect(await judge(testImage().ensureAlpha(0.5))).toBe('announced')
    expect(await judge(testImage().greyscale())).toBe('announced')
  })

  it.each([
    ['a position', { ...GPS }, /EXIF/],
    ['a camera', { IFD0: { Make: 'Acme', Model: 'One' } }, /EXIF/],
    ['an author that nobody asked for', AUTHOR, /EXIF/],
  ])('with %s in EXIF is refused', async (_, exif, reason) => {
    expect(await judge(testImage().withExif(exif))).toMatch(reason)
  })

  it('with XMP is refused', async () => {
    expect(await judge(testImage().withXmp(XMP))).toMatch(/^PRIVATE_METADATA: made .*contains (APP1|chunk|XMP|item)/)
  })

  it('keeps author and copyright where its variant asks for them, and nothing beside', async () => {
    const look = { keepCopyright: true }
    expect(await judge(testImage().withExif(AUTHOR), look)).toBe('announced')
    expect(await judge(testImage().withExif({ ...AUTHOR, ...GPS }), look)).toMatch(/EXIF GPS/)
    const camera = { IFD0: { ...AUTHOR.IFD0, Model: 'One' } }
    expect(await judge(testImage().withExif(camera), look)).toMatch(/contains EXIF Model/)
    const when = { ...AUTHOR, IFD2: { DateTimeOriginal: '2026:11:21 10:00:00' } }
    expect(await judge(testImage().withExif(when), look)).toMatch(/EXIF DateTimeOriginal/)
  })

  it('keeps a profile where its variant keeps colours, and nowhere else', async () => {
    expect(await judge(testImage().withIccProfile('p3'), { colors: 'keep' })).toBe('announced')
    expect(await judge(testImage().withIccProfile('p3'), { colors: 'srgb' })).toMatch(/contains ICC profile/)
  })

  it('with the serial number of a display in its profile is refused', async () => {
    const marked = Buffer.from(await made(testImage().withIccProfile('p3'), format))
    const at = marked.indexOf('chad')
    // A PNG holds its profile compressed.
    if (format === 'png') return expect(at).toBe(-1)
    marked.write('mmod', at, 'latin1')
    expect(await verdict({ contentType, colors: 'keep' }, marked)).toMatch(/contains ICC mmod/)
  })

  it('with bytes behind its end is refused', async () => {
    const tail = Buffer.from('PK\x03\x04 a ZIP or <script>')
    const bytes = Buffer.concat([await made(testImage(), format), tail])
    expect(await verdict({ contentType }, bytes)).toMatch(/^PRIVATE_METADATA/)
  })

  it('that was cut off is refused', async () => {
    const bytes = await made(testImage(), format)
    expect(await verdict({ contentType }, bytes.subarray(0, bytes.length - 20))).toMatch(/^PRIVATE_METADATA/)
  })
})

it('an embedded preview of the source is no copyright', async () => {
  if (noCorpus) return console.warn(`skipped: ${noCorpus}`)
  const source = path.join(CORPUS, 'jpeg-gps-exif.jpg')
  // sharp replaces the tags and leaves the source's thumbnail where it was.
  const bytes = await sharp(source).withExif(AUTHOR).jpeg().toBuffer()
  expect(await verdict({ contentType: 'image/jpeg', keepCopyright: true }, bytes)).toMatch(/EXIF Thumbnail/)
})

it('an animated WebP is looked into frame by frame', async () => {
  const pages = [testImage(), testImage().negate()].map(async image => await image.png().toBuffer())
  const animated = sharp(await Promise.all(pages), { join: { animated: true } })
  expect(await verdict({ contentType: 'image/webp' }, await animated.clone().webp().toBuffer())).toBe('announced')
  const located = await animated.withExif(GPS).webp().toBuffer()
  expect(await verdict({ contentType: 'image/webp' }, located)).toMatch(/contains EXIF/)
})

it('a WebP with another chunk behind its end is refused', async () => {
  const chunk = Buffer.from('VP8 \x0a\0\0\x048.1 N 11.')
  const bytes = Buffer.concat([await made(testImage(), 'webp'), chunk])
  expect(await verdict({ contentType: 'image/webp' }, bytes)).toMatch(/bytes after the end of the WebP/)
})

it('a comment in a JPEG is refused, the version of the encoder that wrote it is not', async () => {
  const jpeg = await made(testImage(), 'jpeg')
  const withComment = (text: string) => {
    const size = Buffer.from([0xff, 0xfe, 0, text.length + 2])
    return Buffer.concat([jpeg.subarray(0, 2), size, Buffer.from(text, 'latin1'), jpeg.subarray(2)])
  }
  expect(await verdict({ contentType: 'image/jpeg' }, withComment('shot at 48.1 N'))).toMatch(/contains comment/)
  expect(await verdict({ contentType: 'image/jpeg' }, withComment('Lavc59.37.100\0'))).toBe('announced')
})

it('a reason never quotes what was found', async () => {
  const image = testImage().withExif({ IFD0: { Artist: 'canary-7f3a', Model: 'canary-7f3a' } })
  const reason = await verdict({ contentType: 'image/jpeg', keepCopyright: true }, await made(image, 'jpeg'))
  expect(reason).toMatch(/EXIF Model/)
  expect(reason).not.toContain('canary')
})

it('a file of a type that nothing can check is refused', async () => {
  expect(await verdict({ contentType: 'image/gif' }, readFileSync(import.meta.filename))).toMatch(/nothing can check/)
})
