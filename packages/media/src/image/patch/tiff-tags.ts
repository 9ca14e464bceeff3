import { readLimitedFile } from '../decoders/read-limited-file.ts'
import type { Patched } from './patched.ts'
import { type Directories, type Directory, readDirectories } from './tiff-directories.ts'

/** What pixels and colours are made of (TIFF 6.0; 347 after its Technical Note 2, 34675 after ICC.1). */
const NEEDED: ReadonlySet<number> = new Set([
  ...[254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332],
  ...[338, 339, 347, 529, 530, 531, 532, 34675],
])
const MAX_TYPE = 18

/**
 * Returns a TIFF with no tags but those that its pixels need, in their order. Null where there are no others. The decoder has to read
 * the result without a complaint: only then the image is whole.
 */
export async function normalizeTiff(file: string, maxPages: number): Promise<Patched | null> {
  const directories = await readDirectories(file, maxPages)
  if (!directories || directories.isTruncated || directories.pages.length > maxPages) return null
  const input = await readLimitedFile(file)
  const dropped = directories.pages.reduce((sum, page) => sum + tidy(input, page, directories), 0)
  const what = dropped > 0 ? `${dropped} tags that the pixels do not need were removed` : 'Its tags were sorted'
  return { input, warning: { code: 'SOURCE_REPAIRED', detail: `The directory violates the TIFF format. ${what}.` } }
}

/** Drops invalid entries of a directory without moving anything else. @returns how many */
function tidy(bytes: Buffer, { at, nextAt }: Directory, { isBig, isLittle }: Directories): number {
  const entryBytes = isBig ? 20 : 12
  const read = (position: number): number => (isLittle ? bytes.readUInt16LE(position) : bytes.readUInt16BE(position))
  const all = Array.from({ length: (nextAt - at) / entryBytes }, (_, n) => {
    const start = at + n * entryBytes
    return { tag: read(start), type: read(start + 2), bytes: Buffer.from(bytes.subarray(start, start + entryBytes)) }
  })
  const kept = new Map(
    all.filter(({ tag, type }) => NEEDED.has(tag) && type <= MAX_TYPE).map(entry => [entry.tag, entry]),
  )
  const next = Buffer.from(bytes.subarray(nextAt, nextAt + (isBig ? 8 : 4)))
  const ordered = [...kept.values()].sort((a, b) => a.tag - b.tag).map(entry => entry.bytes)
  Buffer.concat([...ordered, next]).copy(bytes, at)
  const countAt = at - (isBig ? 8 : 2)
  if (isBig) bytes.writeBigUInt64LE(0n, countAt)
  if (isLittle) bytes.writeUInt16LE(ordered.length, countAt)
  else bytes.writeUInt16BE(ordered.length, at - 2)
  return all.length - ordered.length
}
