import { type FileHandle, open } from 'node:fs/promises'
import { boxes, boxSize, FULL_BOX_BYTES, LARGE_BOX_HEADER_BYTES } from './boxes.ts'

/** What is within the file itself; `free` is the gap that the index left when it was moved to the front. */
const OUTER = new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'mfra'])
const EMPTY_GAP_BYTES = 8
/** The index of hours of film has some MB. */
const MAX_INDEX_BYTES = 256 * 1024 * 1024

const CONTAINERS: Record<string, number> = {
  ...Object.fromEntries(
    ['trak', 'mdia', 'minf', 'stbl', 'dinf', 'edts', 'udta', 'mvex', 'ilst'].map(type => [type, 0]),
  ),
  meta: FULL_BOX_BYTES,
}
const INDEX = new Set([
  ...['mvhd', 'tkhd', 'mdhd', 'hdlr', 'elst', 'vmhd', 'smhd', 'dref', 'mehd', 'trex'],
  ...['stsd', 'stts', 'stss', 'ctts', 'cslg', 'stsc', 'stsz', 'stco', 'co64', 'sgpd', 'sbgp'],
  // The encoder, title, artist, album: ffprobe shows what they say, and is checked for it.
  ...['©too', '©nam', '©ART', '©alb'],
])

/** Names of boxes of an MP4 that ours never have: tools leave unknown ones out of what they show. */
export async function privateBoxes(file: string): Promise<string[]> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const found: string[] = []
  const header = Buffer.alloc(LARGE_BOX_HEADER_BYTES)
  for (let at = 0; at < size; ) {
    await handle.read(header, 0, header.length, at)
    const type = header.toString('latin1', 4, 8)
    const length = boxSize(header, size - at)
    if (length < EMPTY_GAP_BYTES || at + length > size) return [...found, 'a box that does not fit into its file']
    if (type === 'moov') found.push(...inIndex(await readPart(handle, at, length)))
    else if (!OUTER.has(type) && !(type === 'free' && length === EMPTY_GAP_BYTES)) found.push(`box ${type}`)
    at += length
  }
  return found
}

async function readPart(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  if (length > MAX_INDEX_BYTES) throw new RangeError('the index of the film is too large')
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(8)
}

function inIndex(part: Buffer): string[] {
  return [...boxes(part)].flatMap(({ type, bytes }) => {
    const skip = CONTAINERS[type]
    if (skip !== undefined) return inIndex(bytes.subarray(skip))
    return INDEX.has(type) ? [] : [`box ${type}`]
  })
}
