import { type FileHandle, open } from 'node:fs/promises'
import { readAt } from './read-at.ts'

/** One page of a TIFF (TIFF 6.0, chapter 2; the 64-bit kind after LibTIFF's BigTIFF). */
export interface Directory {
  /** Where the bytes of its first tag begin. */
  at: number
  /** Where the place of the next directory is written. */
  nextAt: number
  /** By tag: its first number. */
  values: ReadonlyMap<number, number>
  /** How far its pixels, and what is needed to decode them, reach. */
  end: number
}

export interface Directories {
  /** Those that lie in the file as a whole, in their order. */
  pages: readonly Directory[]
  /** The chain goes on behind the end of the file. */
  isTruncated: boolean
  isBig: boolean
  isLittle: boolean
}

interface Layout {
  countBytes: 2 | 8
  entryBytes: 12 | 20
  offsetBytes: 4 | 8
}
const CLASSIC: Layout = { countBytes: 2, entryBytes: 12, offsetBytes: 4 }
const BIG: Layout = { countBytes: 8, entryBytes: 20, offsetBytes: 8 }

/** Bytes of one number: BYTE, SHORT, LONG, UNDEFINED, IFD, LONG8, IFD8. */
const SIZES: Record<number, number> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 }
const MAX_TAGS = 4096
/** Of all tags of a file: a tall image has a strip for each line. */
const MAX_VALUES = 1_000_000

const [STRIPS, STRIP_BYTES, TILES, TILE_BYTES] = [273, 279, 324, 325]
/** Without them nothing can be decoded: the palette, and the tables of JPEG. */
const [PALETTE, JPEG_TABLES] = [320, 347]
/** What is asked for; texts and profiles are not read. */
const READ: ReadonlySet<number> = new Set([
  258,
  259,
  262,
  277,
  284,
  339,
  STRIPS,
  STRIP_BYTES,
  TILES,
  TILE_BYTES,
  PALETTE,
  JPEG_TABLES,
])

/** Reads the pages of a TIFF, at most `maxPages` and one more; null where it is none. Reads directories, no pixels. */
export async function readDirectories(path: string, maxPages: number): Promise<Directories | null> {
  await using file = await open(path)
  const head = await readAt(file, 0, 16)
  const isLittle = head.toString('latin1', 0, 2) === 'II'
  if (head.length < 8 || !MAGIC.has(head.toString('hex', 0, 4))) return null
  const isBig = head[isLittle ? 2 : 3] === 43
  const layout = isBig ? BIG : CLASSIC
  const reader = { file, isLittle, layout, valuesLeft: MAX_VALUES }
  const pages: Directory[] = []
  const seen = new Set<number>()
  let at = numberAt(reader, head, isBig ? 8 : 4, layout.offsetBytes)
  for (; at !== 0 && !seen.has(at) && pages.length <= maxPages; ) {
    seen.add(at)
    const found = await readDirectory(reader, at)
    if (!found) return { pages, isTruncated: true, isBig, isLittle }
    pages.push(found.page)
    at = found.next
  }
  return { pages, isTruncated: false, isBig, isLittle }
}

const MAGIC: ReadonlySet<string> = new Set(['49492a00', '4d4d002a', '49492b00', '4d4d002b'])

interface Reader {
  file: FileHandle
  valuesLeft: number
  isLittle: boolean
  layout: Layout
}

async function readDirectory(reader: Reader, at: number): Promise<{ page: Directory; next: number } | null> {
  const { countBytes, entryBytes, offsetBytes } = reader.layout
  const counted = await readAt(reader.file, at, countBytes)
  if (counted.length < countBytes) return null
  const count = numberAt(reader, counted, 0, countBytes)
  if (count > MAX_TAGS) return null
  const first = at + countBytes
  const bytes = await readAt(reader.file, first, count * entryBytes + offsetBytes)
  if (bytes.length < count * entryBytes + offsetBytes) return null
  const tags = new Map<number, Tag>()
  for (let n = 0; n < count; n++) {
    const entry = bytes.subarray(n * entryBytes, (n + 1) * entryBytes)
    const tag = numberAt(reader, entry, 0, 2)
    if (READ.has(tag)) tags.set(tag, await readTag(reader, entry))
  }
  const values = new Map([...tags].map(([tag, { numbers }]) => [tag, numbers[0] ?? 0]))
  const page = { at: first, nextAt: first + count * entryBytes, values, end: endOf(tags) }
  return { page, next: numberAt(reader, bytes, count * entryBytes, offsetBytes) }
}

interface Tag {
  /** None where they are missing, no whole numbers, or too many. */
  numbers: readonly number[]
  /** How far they reach; 0 where they stand in the directory. */
  end: number
}

async function readTag(reader: Reader, entry: Buffer): Promise<Tag> {
  const { offsetBytes } = reader.layout
  const size = SIZES[numberAt(reader, entry, 2, 2)]
  const count = numberAt(reader, entry, 4, offsetBytes)
  if (!size || count > reader.valuesLeft) return { numbers: [], end: 0 }
  reader.valuesLeft -= count
  const valueAt = 4 + offsetBytes
  const at = size * count <= offsetBytes ? null : numberAt(reader, entry, valueAt, offsetBytes)
  const bytes = at === null ? entry.subarray(valueAt) : await readAt(reader.file, at, size * count)
  const isThere = bytes.length >= size * count
  const numbers = isThere ? Array.from({ length: count }, (_, n) => numberAt(reader, bytes, n * size, size)) : []
  return { numbers, end: at === null ? 0 : at + size * count }
}

function endOf(tags: ReadonlyMap<number, Tag>): number {
  const numbersOf = (tag: number) => tags.get(tag)?.numbers ?? []
  const endsOf = (places: number, lengths: number) =>
    numbersOf(places).map((at, n) => at + (numbersOf(lengths)[n] ?? 0))
  const ends = [
    ...[...tags.values()].map(({ end }) => end),
    ...endsOf(STRIPS, STRIP_BYTES),
    ...endsOf(TILES, TILE_BYTES),
  ]
  return ends.reduce((last, end) => Math.max(last, end), 0)
}

/** Reads a number in the byte order of the file; numbers above 2^53 are rounded, and lie after the end of any file. */
function numberAt({ isLittle }: Pick<Reader, 'isLittle'>, bytes: Buffer, at: number, size: number): number {
  if (size === 8) return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  return isLittle ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size)
}
