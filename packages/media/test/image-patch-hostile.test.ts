import { open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { fileOf, fourColors, imagePreset, processBytes, stillImage } from './image-bed.ts'
import { markedLimits, processFile, tempDir, usePool } from './pool.ts'

const MIB = 1024 * 1024
/** Ends what would take minutes. What is refused at once is refused long before, on a busy machine too. */
const TIMEOUT_MS = 20_000

const pool = usePool(markedLimits(), { size: 1 })
let jpeg: Buffer
beforeAll(async () => {
  jpeg = await sharp(await fourColors(64, 48))
    .jpeg()
    .toBuffer()
})

const process = async (file: string) =>
  await processFile(pool, {
    file,
    declaredType: 'image/jpeg',
    definition: imagePreset(stillImage({})),
    timeoutMs: TIMEOUT_MS,
    // A process of its own: what one leaves behind, the next does not find.
    projectId: path.dirname(file),
  }).catch(error => error)

const repeated = (hex: string, count: number) => Buffer.alloc((hex.length / 2) * count, Buffer.from(hex, 'hex'))
const START = Buffer.from('ffd8', 'hex')
/** Frames that name 255 components, in so many bytes. */
const frames = (bodyBytes: number, count: number) =>
  repeated(`ffc0${(bodyBytes + 2).toString(16).padStart(4, '0')}0800100010ff${'00'.repeat(bodyBytes - 6)}`, count)
const withoutEnd = () => jpeg.subarray(0, -2)
/** The decoder meets what follows while it still looks for pixels. */
const torn = () => jpeg.subarray(0, -20)

describe('a JPEG that has much to be patched ends as it must', () => {
  it.each([
    ['35,000 empty frames in its pixels', () => Buffer.concat([torn(), frames(8, 35_000)])],
    ['400 full frames in its pixels', () => Buffer.concat([torn(), frames(6 + 3 * 255, 400)])],
    ['9,000 empty frames in its header', () => Buffer.concat([START, frames(8, 9000), withoutEnd().subarray(2)])],
    ['scans of 255 components', () => Buffer.concat([torn(), repeated(`ffda0204ff${'01'.repeat(513)}`, 1000)])],
    ['8 million empty segments', () => Buffer.concat([START, repeated('ffe00002', 8 * MIB), withoutEnd().subarray(2)])],
    ['ones for 32 MiB', () => Buffer.concat([START, Buffer.alloc(32 * MIB, 0xff), withoutEnd().subarray(2)])],
  ])('%s', async (_title, make) => {
    const { code } = await process(await fileOf(make()))
    expect(['CORRUPT_FILE', 'TRUNCATED_FILE']).toContain(code)
  })

  it('and is made where all that it has is more than can be said of it', async () => {
    const segments = Array.from({ length: 7 }, (_, n) => `ffee000e41646f62650064000000000${(9 + n).toString(16)}`)
    const odd = Buffer.concat([START, Buffer.from(segments.join(''), 'hex'), jpeg.subarray(2)])
    const { warnings, variants } = await processBytes(pool, odd, 'image/jpeg', stillImage({}))
    expect(variants).toHaveLength(1)
    expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringMatching(/^The Adobe.{100,495}$/) }])
  })

  it('and is damaged, not too large, where it is too large to be patched', async () => {
    const file = path.join(await tempDir(), 'large')
    await writeFile(file, Buffer.concat([START, frames(6 + 3 * 255, 2), withoutEnd().subarray(2)]))
    await using sparse = await open(file, 'r+')
    await sparse.truncate(257 * MIB)
    expect(await process(file)).toMatchObject({ code: 'CORRUPT_FILE' })
  })
})
