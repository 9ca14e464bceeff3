import type { SourceWarning } from '../../source-warning.ts'
import { readLimitedFile } from '../decoders/read-limited-file.ts'
import { isCompleteData } from './gif-data.ts'
import { type Patcher, truncated } from './patched.ts'
import { readTail } from './read-at.ts'

// GIF89a, chapters 18 to 27.
const HEADER_BYTES = 13
const DESCRIPTOR_BYTES = 10
const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
const [GRAPHIC_CONTROL, APPLICATION] = [0xf9, 0xff]
const LOOP = Buffer.from('NETSCAPE2.0')
/** The end of the last frame, and the trailer. */
const END = Buffer.from([0, TRAILER])

/** Patches a GIF without its end: the frames that are whole. */
export const patchGif: Patcher = async file => {
  if ((await readTail(file, END.length)).equals(END)) return null
  const bytes = await readLimitedFile(file)
  const { ends, frames, wholeBytes, moves } = walkGif(bytes)
  if (ends !== 'early') return null
  if (frames === 0) throw truncated()
  const isTorn = wholeBytes < bytes.length
  // Data that lack only their last byte end where that would have been.
  const lacksByte = wholeBytes > bytes.length
  const input = Buffer.concat([bytes.subarray(0, wholeBytes), lacksByte ? END : END.subarray(1)])
  return { input, warning: frames === 1 && !moves && !isTorn ? ONLY_END : lossOf(frames, isTorn) }
}

const ONLY_END: SourceWarning = {
  code: 'SOURCE_REPAIRED',
  detail: 'The end marker is missing; the image is complete.',
}

/** Returns the warning for lost frames. An animation may have had more. */
function lossOf(frames: number, isTorn: boolean): SourceWarning {
  const whole = `${frames === 1 ? '1 frame is' : `${frames} frames are`} whole`
  const torn = isTorn ? 'one that is torn was left out' : 'the end is missing'
  return { code: 'SOURCE_TRUNCATED', detail: `${whole}, and ${torn}. How many there were is not known.` }
}

interface Walked {
  /** `odd` where it goes on with what is no block: that is for the decoder. */
  ends: 'whole' | 'early' | 'odd'
  /** How many are whole. */
  frames: number
  /** Where the last whole frame ends, which may be one byte behind the end of the file. */
  wholeBytes: number
  /** It repeats, or a frame is shown for a time: it was meant to have more than one. */
  moves: boolean
}

function walkGif(bytes: Buffer): Walked {
  let [frames, wholeBytes, moves] = [0, 0, false]
  let at = HEADER_BYTES + colorTableBytes(bytes[10] ?? 0)
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === TRAILER) return { ends: 'whole', frames, wholeBytes, moves }
    if (kind !== IMAGE && kind !== EXTENSION) return { ends: 'odd', frames, wholeBytes, moves }
    // An image has a table and the size of its codes in front of its data.
    const head = kind === IMAGE ? DESCRIPTOR_BYTES + colorTableBytes(bytes[at + DESCRIPTOR_BYTES - 1] ?? 0) + 1 : 2
    const end = endOfData(bytes, at + head)
    if (end > bytes.length && !(kind === IMAGE && lacksOnlyEnd(bytes, at, at + head, end))) break
    if (kind === EXTENSION) moves ||= isMotion(bytes, at)
    at = end
    if (kind !== IMAGE) continue
    frames++
    wholeBytes = at
  }
  return { ends: 'early', frames, wholeBytes, moves }
}

const colorTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Tells whether the data are complete but for the zero that ends them. */
const lacksOnlyEnd = (bytes: Buffer, at: number, dataAt: number, end: number): boolean =>
  end === bytes.length + 1 &&
  dataAt < bytes.length &&
  isCompleteData(bytes, dataAt - 1, bytes.readUInt16LE(at + 5) * bytes.readUInt16LE(at + 7))

/** Tells whether a block is motion: a frame with a duration, or the extension that repeats frames. */
function isMotion(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] === GRAPHIC_CONTROL) return (bytes[at + 4] ?? 0) + (bytes[at + 5] ?? 0) > 0
  const isNamed = bytes[at + 1] === APPLICATION && bytes[at + 2] === LOOP.length
  return isNamed && bytes.compare(LOOP, 0, LOOP.length, at + 3, at + 3 + LOOP.length) === 0
}

/**
 * Returns the end of the sub-blocks, each of which contains its length; a position after the end of the file when some
 * are missing.
 */
function endOfData(bytes: Buffer, start: number): number {
  for (let at = start; ; ) {
    // Of what is cut off, the zero that ends it is the least.
    const length = bytes[at] ?? 0
    at += 1 + length
    if (length === 0) return at
  }
}
