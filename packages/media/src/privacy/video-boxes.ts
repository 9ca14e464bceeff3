import { type FileHandle, open } from 'node:fs/promises'
import { boxes, FULL_BOX_BYTES } from '../isobmff/boxes.ts'
import { type FileBox, fileBoxes } from '../isobmff/file-boxes.ts'

/** What is within the file itself; `free` is the gap that the index left when it was moved to the front. */
const OUTER = new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'mfra'])
const EMPTY_GAP_BYTES = 8
/** The index of hours of video has some MB. */
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

/** Returns names of boxes of an MP4 that ours never have: tools leave unknown ones out of what they show. */
export async function privateBoxes(file: string): Promise<string[]> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const found: string[] = []
  for await (const box of fileBoxes(handle, { to: size })) {
    if (!box.fits) found.push('a box that does not fit into its file')
    else if (box.type === 'moov') found.push(...inIndex(await readContent(handle, box)))
    else if (!OUTER.has(box.type) && !isEmptyGap(box)) found.push(`box ${box.type}`)
  }
  return found
}

const isEmptyGap = ({ type, size }: FileBox): boolean => type === 'free' && size === EMPTY_GAP_BYTES

async function readContent(handle: FileHandle, { at, size, headerBytes }: FileBox): Promise<Buffer> {
  if (size > MAX_INDEX_BYTES) throw new RangeError('the index of the video is too large')
  const { buffer } = await handle.read(Buffer.alloc(size), 0, size, at)
  return buffer.subarray(headerBytes)
}

function inIndex(part: Buffer): string[] {
  return [...boxes(part)].flatMap(({ type, bytes }) => {
    const skip = CONTAINERS[type]
    if (skip !== undefined) return inIndex(bytes.subarray(skip))
    return INDEX.has(type) ? [] : [`box ${type}`]
  })
}
