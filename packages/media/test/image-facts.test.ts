import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import encode, { init } from '@jsquash/jxl/encode.js'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { heif } from '../src/image/decoders/heif.ts'
import { type HeifImage, openHeif } from '../src/image/decoders/libheif.ts'
import { fileOf, imagePreset, pixelsOf, processBytes, stillImage } from './image-bed.ts'
import { CORPUS, markedLimits, noCorpus, processFile, testPool, usePool } from './pool.ts'

const pool = usePool(markedLimits())

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } } })
const factsOf = async (bytes: Buffer, type: string) =>
  (await processBytes(pool, bytes, type, stillImage({ width: 10 }))).facts

describe('camera', () => {
  const photo = flat(40, 30)
    .jpeg()
    .withExif({
      IFD0: { Make: 'Kamera AG', Model: 'K-1 ', HostComputer: "Ada's phone", Artist: 'Ada' },
      IFD2: {
        ExposureTime: '1/125',
        FNumber: '28/10',
        ISOSpeedRatings: '400',
        FocalLength: '50/1',
        LensModel: 'Glas 50',
        LensSerialNumber: 'L123',
        BodySerialNumber: 'B456',
        CameraOwnerName: 'Ada',
        DateTimeOriginal: '2026:02:03 04:05:06',
        OffsetTimeOriginal: '+01:00',
        ImageUniqueID: 'U789',
      },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '7/1 0/1 0/1' },
    })
    .toBuffer()

  it('is told without place, owner and serial numbers', async () => {
    const { details } = await factsOf(await photo, 'image/jpeg')
    expect(details.camera).toEqual({
      make: 'Kamera AG',
      model: 'K-1',
      lens: 'Glas 50',
      exposureSec: 0.008,
      fNumber: 2.8,
      iso: 400,
      focalLengthMm: 50,
      takenAt: '2026-02-03T04:05:06+01:00',
    })
    expect(JSON.stringify(details)).not.toMatch(/gps|Ada|L123|B456|U789|51/i)
  })

  it('whose name is cut off ends with a whole character', async () => {
    const image = flat(40, 30).withExif({ IFD0: { Make: `${'a'.repeat(99)}BBBB` } })
    const bytes = await image.jpeg().toBuffer()
    bytes.write('😀', bytes.indexOf('BBBB'))
    const { camera } = (await factsOf(bytes, 'image/jpeg')).details
    expect(camera).toMatchObject({ make: expect.stringMatching(/^a{99}/) })
    expect(Object.values(camera ?? {}).every(value => String(value).isWellFormed())).toBe(true)
  })

  it.each([
    ['UTF-8', 'Müller €', Buffer.from('Müller €')],
    ['Latin-1', 'Müller', Buffer.from('Müller', 'latin1')],
  ])('has a name in %s', async (_encoding, make, bytes) => {
    const image = flat(40, 30).withExif({ IFD0: { Make: 'B'.repeat(bytes.length) } })
    const jpeg = await image.jpeg().toBuffer()
    bytes.copy(jpeg, jpeg.indexOf('BBBB'))
    expect((await factsOf(jpeg, 'image/jpeg')).details.camera).toEqual({ make })
  })

  it('is left out where EXIF is broken or has nothing to say', async () => {
    const broken = await photo
    broken.fill(0xff, broken.indexOf('Exif') + 14, broken.indexOf('Exif') + 60)
    for (const bytes of [broken, await flat(40, 30).jpeg().toBuffer()]) {
      expect((await factsOf(bytes, 'image/jpeg')).details.camera).toBeUndefined()
    }
  })
})

describe('JPEG XL', () => {
  const wasm = fileURLToPath(import.meta.resolve('@jsquash/jxl/codec/enc/jxl_enc.wasm'))
  const jxl = async (width: number, height: number, alpha = 255) => {
    await init(await WebAssembly.compile(await readFile(wasm)))
    const data = Uint8ClampedArray.from(
      Array(width * height)
        .fill([200, 100, 50, alpha])
        .flat(),
    )
    return Buffer.from(await encode({ data, width, height, colorSpace: 'srgb' } as ImageData, { lossless: true }))
  }

  it.each([
    [8, 8],
    [37, 21],
    [64, 256],
    [300, 200],
    [160, 90],
    [1000, 3],
  ])('%d × %d is read from the header as an independent encoder wrote it, and decoded', async (width, height) => {
    const { facts, variants } = await processBytes(pool, await jxl(width, height), 'image/jxl', stillImage({}))
    expect(facts).toMatchObject({ width, height, contentType: 'image/jxl', bitDepth: 8 })
    const made = await pixelsOf(variants[0]?.file)
    expect([made.width, made.height, made.at(0, 0)]).toEqual([width, height, [200, 100, 50, 255]])
  })

  it('keeps its transparency, which this encoder always writes', async () => {
    const { facts, variants } = await processBytes(pool, await jxl(20, 10, 100), 'image/jxl', stillImage({}))
    expect(facts).toMatchObject({ hasAlpha: true })
    expect((await pixelsOf(variants[0]?.file)).at(3, 3)).toEqual([200, 100, 50, 100])
  })

  it('that is cut off is refused', async () => {
    const whole = await jxl(300, 200)
    const job = processBytes(pool, whole.subarray(0, whole.length / 2), 'image/jxl', stillImage({}))
    await expect(job).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })
})

describe.skipIf(noCorpus)('HEIC', () => {
  const bytes = () => readFile(path.join(CORPUS, 'heic-iphone-p3.heic'))

  it('with more pixels than allowed is refused before it is decoded', async () => {
    const small = await testPool(markedLimits({ maxPixels: 2566 * 3313 - 1 }), { size: 1 })
    const job = { file: await fileOf(await bytes()), declaredType: 'image/heic' }
    const options = { projectId: 'p', signal: new AbortController().signal, timeoutMs: 60_000 }
    await small.withChild(options, async child => {
      await expect(child.probe(job)).rejects.toMatchObject({ code: 'TOO_MANY_PIXELS' })
    })
    await small.close()
  })

  it('of many images of one size is the one that it names', async () => {
    const file = tilesInTheOpen(await bytes(), 2)
    const { facts, variants } = await processBytes(pool, file, 'image/heic', stillImage({}))
    expect(facts).toMatchObject({ width: 512, height: 512 })
    const tiles = await openHeif(file)
    const [first, named] = [await brightness(tiles.images[0]), await brightness(tiles.images[2])]
    tiles.close()
    expect(Math.abs(named - first)).toBeGreaterThan(5)
    const { channels } = await sharp(variants[0]?.file).greyscale().stats()
    expect(Math.abs((channels[0]?.mean ?? 0) - named)).toBeLessThan(3)
  })

  it('of several is found by its size where one before it cannot be read, and else refused', async () => {
    const readable = await processBytes(pool, withUnreadable(await bytes(), 'whole'), 'image/heic', stillImage({}))
    expect(readable.facts).toMatchObject({ width: 2566, height: 3313 })
    const ambiguous = processBytes(pool, withUnreadable(await bytes(), 'tile'), 'image/heic', stillImage({}))
    await expect(ambiguous).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })

  it('of which two libraries see different sizes is refused', async () => {
    const file = await fileOf(await bytes())
    const { facts } = await processFile(pool, {
      file,
      declaredType: 'image/heic',
      definition: imagePreset(stillImage({})),
    })
    if (facts.kind !== 'image') throw new Error('a HEIC is a picture')
    const source = { file, input: file, facts, limits: markedLimits({}), warn: () => undefined }
    const contradicting = { ...source, facts: { ...facts, width: facts.width - 1 } }
    await expect(heif.open(contradicting)).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
    expect((await heif.open(source)).image()).toBeDefined()
  })

  it('that is cut off is refused', async () => {
    const whole = await bytes()
    const job = processBytes(pool, whole.subarray(0, whole.length / 2), 'image/heic', stillImage({}))
    await expect(job).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  })
})

/** Where the `infe` boxes are: name, version and 3 bytes of flags, the id, two bytes, the type. */
function* itemsOf(file: Buffer): Generator<number> {
  for (let at = file.indexOf('infe'); at >= 0; at = file.indexOf('infe', at + 4)) yield at
}

/** The image of a phone is made of tiles, which are hidden: shows them, and names one of them the image. */
function tilesInTheOpen(phonePhoto: Buffer, primary: number): Buffer {
  const file = Buffer.from(phonePhoto)
  const ids: number[] = []
  for (const at of itemsOf(file)) {
    if (file.toString('latin1', at + 12, at + 16) !== 'hvc1') continue
    ids.push(file.readUInt16BE(at + 8))
    file.writeUIntBE(0, at + 5, 3)
  }
  file.writeUInt16BE(ids[primary] ?? 0, file.indexOf('pitm') + 8)
  return file
}

/** Of the phone's tiles the first two are shown, or three, of which the second is of a kind that nobody reads. */
function withUnreadable(phonePhoto: Buffer, primary: 'whole' | 'tile'): Buffer {
  const file = Buffer.from(phonePhoto)
  const tiles = [...itemsOf(file)].filter(at => file.toString('latin1', at + 12, at + 16) === 'hvc1')
  const shown = tiles.slice(0, primary === 'whole' ? 2 : 4)
  for (const at of shown) file.writeUIntBE(0, at + 5, 3)
  file.write('vvc1', (tiles[1] ?? 0) + 12, 'latin1')
  if (primary === 'tile') file.writeUInt16BE(file.readUInt16BE((tiles[2] ?? 0) + 8), file.indexOf('pitm') + 8)
  return file
}

async function brightness(tile: HeifImage | undefined) {
  if (!tile) throw new Error('there is no such tile')
  const { width, height } = tile
  const data = await tile.decode(8, 3)
  const { channels } = await sharp(data, { raw: { width, height, channels: 3 } })
    .greyscale()
    .stats()
  return channels[0]?.mean ?? 0
}

it('says that there is a gain map', async () => {
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>'
  expect((await factsOf(await flat(9, 9).jpeg().withXmp(xmp).toBuffer(), 'image/jpeg')).details.hasGainMap).toBe(true)
  expect((await factsOf(await flat(9, 9).jpeg().toBuffer(), 'image/jpeg')).details.hasGainMap).toBeUndefined()
})
