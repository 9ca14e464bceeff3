import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { FileToUpload } from './client.ts'

const CORPUS = process.env.DARKROOM_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus')

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Reads a file of the corpus beside this checkout; null where there is none. */
async function corpusFile(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const path = join(CORPUS, 'dev', name)
  return existsSync(path) ? new Uint8Array(await readFile(path)) : null
}

interface Look {
  width: number
  height: number
  /** Another hue, other bytes. */
  hue?: number
}

/** Makes an image of soft colours with noise: as expensive to decode and encode as a photo. */
export async function madePhoto({ width, height, hue = 30 }: Look): Promise<Uint8Array<ArrayBuffer>> {
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const
  const gradient = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="1" y2="1">
    <stop stop-color="hsl(${hue},80%,60%)"/><stop offset="1" stop-color="hsl(${hue + 120},70%,30%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/></svg>`,
  )
  const jpeg = await sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .composite([{ input: gradient, blend: 'overlay' }])
    .jpeg({ quality: 88 })
    .toBuffer()
  return new Uint8Array(jpeg)
}

/** Makes a JPEG larger with comments, so that it is quick to process. */
export function enlarged(jpeg: Uint8Array, bytes: number): Buffer {
  const comment = Buffer.alloc(60_000)
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(comment.length - 2, 2)
  const comments = Array.from({ length: Math.ceil((bytes - jpeg.length) / comment.length) }, () => comment)
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}

export const jpegFile = (name: string, bytes: Uint8Array<ArrayBuffer>): FileToUpload => ({
  name,
  contentType: 'image/jpeg',
  bytes,
})

/** Returns a real photo of a phone, 12 megapixels, where there is a corpus; else a generated one of the same size. */
export async function phonePhoto(): Promise<FileToUpload> {
  const bytes = (await corpusFile('jpeg-12mp-phone.jpg')) ?? (await madePhoto({ width: 4032, height: 3024 }))
  return jpegFile('phone.jpg', bytes)
}

/** Returns a small file whose header claims 280 megapixels. */
export async function pixelBomb(): Promise<Uint8Array<ArrayBuffer>> {
  const found = await corpusFile('jpeg-bomb-20000x14000.jpg')
  if (found) return found
  const jpeg = Buffer.from(await madePhoto({ width: 64, height: 64 }))
  const startOfFrame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  jpeg.writeUInt16BE(14_000, startOfFrame + 5)
  jpeg.writeUInt16BE(20_000, startOfFrame + 7)
  return new Uint8Array(jpeg)
}
