import { readLimitedFile } from '../decoders/read-limited-file.ts'
import { hasAllScans } from './jpeg-scans.ts'
import type { Patched } from './patched.ts'

// ITU-T T.81, annex B: a marker is a byte of ones and its name; most are followed by their length and as many bytes.
const [EOI, SOS, APP14] = [0xd9, 0xda, 0xee]
const END = Buffer.from([0xff, EOI])
const isStandalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= EOI)
const ADOBE = Buffer.from('Adobe')
/** The length of Adobe's segment, and where in it stands how colours are written: not at all, YCbCr, YCCK. */
const [ADOBE_BYTES, TRANSFORM_AT] = [14, 15]
const MAX_TRANSFORM = 2
const MAX_JUNK_BYTES = 65_536
/** In front of the first scan; a profile, the longest of what may stand there, has 255 at most. */
const MAX_SEGMENTS = 10_000

/**
 * Patches a JPEG as its format wants it: nothing between the segments of its header, and an end. Null where there is nothing to fix, or
 * where scans are missing. The decoder has to read the result without a complaint: only then the image is whole.
 */
export async function patchJpeg(file: string): Promise<Patched | null> {
  const bytes = await readLimitedFile(file)
  const header = tidyHeader(bytes)
  if (!header) return null
  const { parts, scansAt, oddities } = header
  const lacksEnd = bytes.indexOf(END, scansAt) === -1
  const found = [...oddities, ...(lacksEnd ? ['The end marker is missing; the image is complete.'] : [])]
  if (found.length === 0) return null
  const input = Buffer.concat([...parts, bytes.subarray(scansAt), ...(lacksEnd ? [END] : [])])
  if (lacksEnd && !hasAllScans(input, SOI_BYTES)) return null
  return { input, warning: { code: 'SOURCE_REPAIRED', detail: found.join(' ') } }
}

const SOI_BYTES = 2

interface Header {
  parts: Buffer[]
  /** Where the first scan begins. */
  scansAt: number
  /** In words, each once. */
  oddities: ReadonlySet<string>
}

/** Reads the segments before the first scan, each with its own length, and drops bytes between them. */
function tidyHeader(bytes: Buffer): Header | null {
  const parts = [bytes.subarray(0, SOI_BYTES)]
  const oddities = new Set<string>()
  let [at, junkBytes] = [SOI_BYTES, 0]
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const start = nextMarker(bytes, at)
    const marker = bytes[start + 1]
    if (start === -1 || marker === undefined) return null
    junkBytes += start - at
    if (junkBytes > MAX_JUNK_BYTES) return null
    if (marker === SOS) {
      if (junkBytes > 0) oddities.add(`${junkBytes} unknown bytes in the header were skipped.`)
      return { parts, scansAt: start, oddities }
    }
    const length = start + 4 <= bytes.length ? bytes.readUInt16BE(start + 2) : 0
    const end = start + 2 + length
    if (isStandalone(marker) || length < 2 || end > bytes.length) return null
    const next = marker === APP14 ? shortened(bytes, start, end) : end
    const segment = patchedAdobe(bytes.subarray(start, next), oddities)
    if (next === end) parts.push(segment)
    else oddities.add('A segment of the header is shorter than its length says; it was skipped.')
    at = next
  }
  return null
}

/** Finds the next marker; 0xff may be repeated before it. Reads no further than necessary. */
function nextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at - from <= MAX_JUNK_BYTES; at = bytes.indexOf(0xff, at + 1)) {
    const name = bytes[at + 1]
    if (name !== 0 && name !== 0xff) return at
  }
  return -1
}

/** Returns the real end of a segment: the next marker, where the segment claims more and no marker follows there. */
function shortened(bytes: Buffer, start: number, end: number): number {
  if (bytes[end] === 0xff) return end
  const next = nextMarker(bytes, start + 4)
  return next !== -1 && next < end ? next : end
}

/** Replaces an invalid colour transform in Adobe's segment by the one that decoders assume. */
function patchedAdobe(segment: Buffer, oddities: Set<string>): Buffer {
  const isAdobe = segment[1] === APP14 && segment.subarray(4, 4 + ADOBE.length).equals(ADOBE)
  if (!isAdobe || segment.length < 2 + ADOBE_BYTES || (segment[TRANSFORM_AT] ?? 0) <= MAX_TRANSFORM) return segment
  oddities.add(`The Adobe segment has the unknown colour transform ${segment[TRANSFORM_AT]}.`)
  const patched = Buffer.from(segment)
  patched[TRANSFORM_AT] = 1
  return patched
}
