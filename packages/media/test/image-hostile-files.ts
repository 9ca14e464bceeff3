// Files that attack decoders, made from what their formats allow. None is stored, and none is larger than it must be.
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'

const u16be = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const u32be = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255])
const u16le = (value: number): Buffer => u16be(value).reverse()
const u32le = (value: number): Buffer => u32be(value).reverse()

// PNG
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([u32be(data.length), body, u32be(crc32(body))])
}

interface PngOptions {
  width: number
  height: number
  /** Grey, 8 bit, with the filter byte of every line. */
  pixels: Buffer
  before?: Buffer
}

const png = ({ width, height, pixels, before = Buffer.alloc(0) }: PngOptions): Buffer =>
  Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', Buffer.concat([u32be(width), u32be(height), Buffer.from([8, 0, 0, 0, 0])])),
    before,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])

/** Makes a PNG whose header claims this size, with the pixels of a 10 × 10 image. */
export const pngOfClaimedSize = (width: number, height: number): Buffer =>
  png({ width, height, pixels: Buffer.alloc(110) })

/** Makes a PNG with all the pixels that it claims, in black, so that they compress to little. */
export const blackPng = (width: number, height: number): Buffer =>
  png({ width, height, pixels: Buffer.alloc((width + 1) * height) })

/** Makes a valid PNG with a compressed chunk that unpacks to so many zeros. */
export const pngWithBomb = (type: 'iCCP' | 'zTXt', bytes: number): Buffer =>
  png({
    width: 10,
    height: 10,
    pixels: Buffer.alloc(110),
    before: pngChunk(type, Buffer.concat([Buffer.from('bomb\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes))])),
  })

// JPEG
const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), u16be(data.length + 2), data])

/** Makes a valid JPEG whose frame header claims another size. */
export async function jpegOfClaimedSize(width: number, height: number): Promise<Buffer> {
  const file = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer()
  const at = file.indexOf(Buffer.from([0xff, 0xc0]))
  u16be(height).copy(file, at + 5)
  u16be(width).copy(file, at + 7)
  return file
}

/**
 * Makes a valid progressive grey JPEG in which every scan refines all blocks by nothing: few bytes, but each scan walks
 * over the whole image. Symbol 0xE0 ends 16,384 and more blocks at once (T.81, G.1.2.2).
 */
export function progressiveJpeg(side: number, scans: number): Buffer {
  const blocks = (side / 8) ** 2
  const quantization = segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)]))
  const frame = segment(0xc2, Buffer.from([8, ...u16be(side), ...u16be(side), 1, 1, 0x11, 0]))
  const dcTable = segment(0xc4, Buffer.from([0x00, 1, ...Buffer.alloc(15), 0]))
  const acTable = segment(0xc4, Buffer.from([0x10, 1, ...Buffer.alloc(15), 0xe0]))
  const refinements = Array.from({ length: scans - 1 }, (_, n) => acScan(blocks, 1 + (n % 63), 13 - Math.floor(n / 63)))
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...[quantization, frame, dcTable, acTable, dcScan(blocks), ...refinements],
    Buffer.from([0xff, 0xd9]),
  ])
}

const scanHead = (first: number, last: number, high: number, low: number): Buffer =>
  segment(0xda, Buffer.from([1, 1, 0x00, first, last, (high << 4) | low]))

/** Makes a scan in which every difference is 0: one bit `0` for each block. */
const dcScan = (blocks: number): Buffer => Buffer.concat([scanHead(0, 0, 0, 0), Buffer.alloc(Math.ceil(blocks / 8))])

/** Makes a scan of one coefficient of all blocks. The first scan of a coefficient has no earlier bit to refine. */
function acScan(blocks: number, coefficient: number, low: number): Buffer {
  const bits: string[] = []
  // The code `0`, then 14 bits that say how many blocks beyond 16,384 end here.
  for (let left = blocks; left > 0; ) {
    const run = Math.min(left, 32_767)
    // The last run may claim more blocks than are left: the decoder stops at the last one by itself.
    bits.push(
      '0',
      Math.max(0, run - 16_384)
        .toString(2)
        .padStart(14, '0'),
    )
    left -= run
  }
  return Buffer.concat([acHead(coefficient, low), pack(bits)])
}

const acHead = (coefficient: number, low: number): Buffer =>
  scanHead(coefficient, coefficient, low === 13 ? 0 : low + 1, low)

function pack(bits: string[]): Buffer {
  const text = bits.join('').replace(/$/, '1111111')
  const bytes = (text.match(/[01]{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))
  // A byte of ones is followed by a zero, so that nobody takes it for a marker.
  return Buffer.from(bytes.flatMap(byte => (byte === 255 ? [255, 0] : [byte])))
}

// GIF
const GIF_FRAME = Buffer.from('2c0000000001000100000202440100', 'hex')

/** Makes a GIF of 1 × 1 pixel with so many frames. */
export function gifOfFrames(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  return Buffer.concat([head, ...Array<Buffer>(frames).fill(GIF_FRAME), Buffer.from(';')])
}

// WebP
const riffChunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type, 'latin1'), u32le(data.length), data, Buffer.alloc(data.length % 2)])
const u24le = (value: number): Buffer => u32le(value).subarray(0, 3)

/** Makes an animated WebP that shows one small image so many times. */
export async function webpOfFrames(frames: number, side = 16): Promise<Buffer> {
  const still = await sharp({ create: { width: side, height: side, channels: 3, background: '#456' } })
    .webp()
    .toBuffer()
  const size = Buffer.concat([u24le(side - 1), u24le(side - 1)])
  const frame = riffChunk(
    'ANMF',
    Buffer.concat([Buffer.alloc(6), size, u24le(40), Buffer.from([0]), still.subarray(12)]),
  )
  const chunks = [
    riffChunk('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), size])),
    riffChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(frame),
  ]
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks])
  return Buffer.concat([Buffer.from('RIFF'), u32le(body.length), body])
}

// TIFF
const TIFF_HEAD = Buffer.from('II*\0', 'latin1')
/** 1 × 1, grey, 8 bit; the pixel stands at offset 8. */
const TIFF_TAGS: readonly (readonly [tag: number, value: number])[] = [
  [256, 1],
  [257, 1],
  [258, 8],
  [259, 1],
  [262, 1],
  [273, 8],
  [277, 1],
  [278, 1],
  [279, 1],
]
const IFD_BYTES = 2 + TIFF_TAGS.length * 12 + 4

const ifd = (next: number): Buffer =>
  Buffer.concat([
    u16le(TIFF_TAGS.length),
    ...TIFF_TAGS.map(([tag, value]) => Buffer.concat([u16le(tag), u16le(4), u32le(1), u32le(value)])),
    u32le(next),
  ])

/** Makes a TIFF with so many pages; with `loop` the last one is followed by the first again. */
export function tiffOfPages(pages: number, loop = false): Buffer {
  const first = 10
  const at = (page: number): number => (page < pages ? first + page * IFD_BYTES : loop ? first : 0)
  const directories = Array.from({ length: pages }, (_, page) => ifd(at(page + 1)))
  return Buffer.concat([TIFF_HEAD, u32le(first), Buffer.alloc(2), ...directories])
}

// JPEG XL, after ISO/IEC 18181-1, annex D: a bare codestream that says how large it is, and nothing else.
export function jxlOfClaimedSize(side: number): Buffer {
  const bits = ['0', '11', (side - 1).toString(2).padStart(30, '0').split('').reverse().join(''), '100', '1']
  const text = bits.join('').padEnd(64, '0')
  const bytes = (text.match(/[01]{8}/g) ?? []).map(byte => Number.parseInt(byte.split('').reverse().join(''), 2))
  return Buffer.from([0xff, 0x0a, ...bytes, ...Buffer.alloc(64)])
}

// SVG
export const svg = (body: string, attributes = 'width="60" height="40"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${body}</svg>`

/** Makes an SVG whose entities each stand for ten of the one before: the last one for 10^9 characters. */
export function billionLaughs(): string {
  const entities = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`)
  return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "lol">${entities.join('')}]>${svg('<text y="20">&l9;</text>')}`
}

/** Makes an SVG with ten uses of ten uses of …: 10^9 rectangles. */
export function useBomb(): string {
  const level = (n: number) => `<g id="g${n}">${`<use xlink:href="#g${n - 1}"/>`.repeat(10)}</g>`
  const levels = Array.from({ length: 9 }, (_, n) => level(n + 1))
  return svg(`<defs><rect id="g0" width="9" height="9"/>${levels.join('')}</defs><use xlink:href="#g9"/>`)
}

/** Patterns that are filled with the one before ten times. */
export function patternBomb(): string {
  const level = (n: number) =>
    `<pattern id="p${n}" width="1" height="1">${`<rect width="9" height="9" fill="url(#p${n - 1})"/>`.repeat(10)}</pattern>`
  const levels = Array.from({ length: 9 }, (_, n) => level(n + 1))
  return svg(`<pattern id="p0" width="1" height="1"/>${levels.join('')}<rect width="60" height="40" fill="url(#p9)"/>`)
}

export const svgz = (): Buffer => gzipSync(svg(' '.repeat(50_000_000)))

/** Encodes a text in UTF-16 with a byte order mark, as Windows programs do. */
export const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')
