import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MediaType } from '@darkroom/contracts'
import { expect, it, onTestFinished } from 'vitest'
import { toFault } from '../src/fault.ts'
import { faultOfSharp } from '../src/image/fault-of-sharp.ts'

const PNG_HEAD = Buffer.from('89504e470d0a1a0a', 'hex')
const chunk = (type: string, length: number, bytes = length): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, Buffer.alloc(bytes + 4)])
}
const box = (type: string, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32BE(length)
  bytes.write(type, 4, 'latin1')
  return bytes
}
/** One whose length does not fit into 32 bits, or so it says. */
const longBox = (type: string, length: number, bytes: number): Buffer => {
  const whole = box(type, length)
  whole.writeUInt32BE(1)
  whole.writeBigUInt64BE(BigInt(length), 8)
  return whole.subarray(0, bytes)
}
const riff = (length: number): Buffer => {
  const head = Buffer.from('RIFF0000WEBP')
  head.writeUInt32LE(length, 4)
  return head
}

const fault = async (message: string, type: MediaType, bytes: Buffer = Buffer.alloc(0)) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'fault-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const file = path.join(dir, 'file')
  await writeFile(file, bytes)
  return faultOfSharp(new Error(message), file, type)
}
const code = async (...given: Parameters<typeof fault>): Promise<string> => (await fault(...given)).code

it('tells the owner in our words, and keeps those of the library for the log', async () => {
  const fault = await faultOfSharp(
    new Error('VipsJpeg: Unsupported marker type 0x17\nand more'),
    '/nowhere',
    'image/jpeg',
  )
  expect(toFault(fault, { code: 'INTERNAL', detail: 'x' })).toEqual({
    code: 'CORRUPT_FILE',
    detail: 'The file is damaged',
    said: 'VipsJpeg: Unsupported marker type 0x17',
  })
})

it.each([
  ['Input image exceeds pixel limit', 'TOO_MANY_PIXELS'],
  ['VipsJpeg: premature end of JPEG image', 'TRUNCATED_FILE'],
  ['Input file has corrupt header: VipsJpeg: premature end of JPEG image', 'CORRUPT_FILE'],
  ['VipsJpeg: Unsupported marker type 0x17', 'CORRUPT_FILE'],
  ['vips_malloc: out of memory --- size == 400MB', 'RESOURCE_LIMIT'],
])('"%s" is %s', async (message, expected) => {
  const found = await fault(message, 'image/jpeg')
  expect(found.code).toBe(expected)
  // What the library said is for admins.
  expect(found.message).not.toMatch(/vips|[A-Z]{3,}_|0x/i)
  expect(toFault(found, { code: 'INTERNAL', detail: 'x' }).said).toBe(
    expected === 'TOO_MANY_PIXELS' ? 'The limit is MAX_IMAGE_PIXELS' : message,
  )
})

it.each([
  ['a PNG whose chunk goes past the end', 'image/png', [PNG_HEAD, chunk('IHDR', 13), chunk('IDAT', 900, 9)], true],
  ['a PNG without IEND', 'image/png', [PNG_HEAD, chunk('IHDR', 13), chunk('IDAT', 9)], true],
  ['a whole PNG', 'image/png', [PNG_HEAD, chunk('IHDR', 13), chunk('IDAT', 9), chunk('IEND', 0)], false],
  ['a WebP shorter than it says', 'image/webp', [riff(5000)], true],
  ['a whole WebP', 'image/webp', [riff(4)], false],
  ['a GIF without its trailer', 'image/gif', [Buffer.from('GIF89a')], true],
  ['an AVIF whose box goes past the end', 'image/avif', [chunk('ftyp', 99, 5)], true],
  ['a HEIC whose long box goes past the end', 'image/heic', [box('ftyp', 16), longBox('mdat', 90, 40)], true],
  ['a whole HEIC with a long box', 'image/heic', [box('ftyp', 16), longBox('mdat', 90, 90)], false],
  ['a HEIC with a few bytes behind it', 'image/heic', [box('ftyp', 16), Buffer.alloc(5)], false],
] as const)('%s (%s)', async (_title, type, parts, early) => {
  expect(await code('cannot decode', type, Buffer.concat(parts))).toBe(early ? 'TRUNCATED_FILE' : 'CORRUPT_FILE')
})
