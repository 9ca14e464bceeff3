import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileBoxes } from './file-boxes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-boxes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function box(type: string, statedBytes: number, contentBytes = statedBytes - 8): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(statedBytes)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, Buffer.alloc(Math.max(0, contentBytes))])
}

function largeBox(type: string, statedBytes: number, contentBytes = statedBytes - 16): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(statedBytes))
  return Buffer.concat([box(type, 1, 0), size, Buffer.alloc(contentBytes)])
}

async function read(...parts: Buffer[]) {
  const path = join(folder, 'file')
  const bytes = Buffer.concat(parts)
  await writeFile(path, bytes)
  await using file = await open(path)
  const found: { type: string; at: number; size: number; fits: boolean }[] = []
  for await (const { type, at, size, fits } of fileBoxes(file, { to: bytes.length }))
    found.push({ type, at, size, fits })
  return found
}

describe('the boxes of a file', () => {
  it('lie one after the other, with sizes of 32 and 64 bits, and the last may have none', async () => {
    expect(await read(box('ftyp', 16), largeBox('mdat', 40), box('moov', 0, 24))).toEqual([
      { type: 'ftyp', at: 0, size: 16, fits: true },
      { type: 'mdat', at: 16, size: 40, fits: true },
      { type: 'moov', at: 56, size: 32, fits: true },
    ])
  })

  it.each([
    ['goes past the end', [box('mdat', 99, 5)], { type: 'mdat', size: 99 }],
    ['says that it is smaller than its header', [box('mdat', 7, 20)], { type: 'mdat', size: 7 }],
    ['of 64 bits is smaller than its header', [largeBox('mdat', 8, 20)], { type: 'mdat', size: 8 }],
    ['is cut within its size', [box('mdat', 1, 4)], { type: 'mdat', size: Number.POSITIVE_INFINITY }],
    ['is nothing but a few bytes', [Buffer.from('abc')], { type: '', size: 0 }],
  ])('end with one that %s', async (_, parts, last) => {
    expect(await read(box('ftyp', 16), ...parts)).toEqual([
      { type: 'ftyp', at: 0, size: 16, fits: true },
      { ...last, at: 16, fits: false },
    ])
  })
})
