import { readWhole } from '../decoders/read-whole.ts'
import { type Mender, truncated } from './mended.ts'
import { readTail } from './read-at.ts'

// GIF89a, chapters 18 to 27.
const HEADER_BYTES = 13
const DESCRIPTOR_BYTES = 10
const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
/** The end of the last frame, and the trailer. */
const END = Buffer.from([0, TRAILER])

/** A GIF without its end: the frames that are whole. */
export const mendGif: Mender = async file => {
  if ((await readTail(file, END.length)).equals(END)) return null
  const bytes = await readWhole(file)
  const { ends, frames, wholeBytes } = walkGif(bytes)
  if (ends !== 'early') return null
  if (frames === 0) throw truncated()
  const torn = wholeBytes < bytes.length ? 'one that is torn was left out' : 'the end is missing'
  return {
    input: Buffer.concat([bytes.subarray(0, wholeBytes), Buffer.from([TRAILER])]),
    warning: {
      code: 'SOURCE_TRUNCATED',
      detail: `${frames === 1 ? '1 frame is' : `${frames} frames are`} whole, and ${torn}. How many there were is not known.`,
    },
  }
}

interface Walked {
  /** `odd` where it goes on with what is no block: that is for the decoder. */
  ends: 'whole' | 'early' | 'odd'
  /** How many are whole. */
  frames: number
  /** Where the last whole frame ends. */
  wholeBytes: number
}

function walkGif(bytes: Buffer): Walked {
  let [frames, wholeBytes] = [0, 0]
  let at = HEADER_BYTES + colorTableBytes(bytes[10] ?? 0)
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === TRAILER) return { ends: 'whole', frames, wholeBytes }
    if (kind !== IMAGE && kind !== EXTENSION) return { ends: 'odd', frames, wholeBytes }
    // An image has a table and the size of its codes in front of its data.
    const head = kind === IMAGE ? DESCRIPTOR_BYTES + colorTableBytes(bytes[at + DESCRIPTOR_BYTES - 1] ?? 0) + 1 : 2
    const end = endOfData(bytes, at + head)
    if (end === undefined) break
    at = end
    if (kind !== IMAGE) continue
    frames++
    wholeBytes = at
  }
  return { ends: 'early', frames, wholeBytes }
}

const colorTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Behind the pieces of data, each of which says how long it is; undefined when the file ends before them. */
function endOfData(bytes: Buffer, start: number): number | undefined {
  for (let at = start; ; ) {
    const length = bytes[at]
    if (length === undefined) return undefined
    at += 1 + length
    if (length === 0) return at
  }
}
