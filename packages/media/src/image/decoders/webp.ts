import { readFile, stat } from 'node:fs/promises'
import type { SourceWarning } from '../../source-warning.ts'
import { damageOf } from '../damage-of.ts'
import { isCompleteFrame } from '../vp8/complete-frame.ts'
import { pixelsOf } from '../vp8/frame-header.ts'
import type { Decoder, OpenInput } from './decoder.ts'
import { native } from './native.ts'

/** libwebp shows what is damaged in lossy frames, and says nothing unless much is missing. */
export const webp: Decoder = {
  readHeader: native.readHeader,

  async open(input) {
    const damage = await damageOfWebp(input)
    if (damage) input.warn(damage)
    return await native.open(input)
  },
}

const MAX_BYTES = 256 * 1024 * 1024

/**
 * Finds damage; null where there is none, or where it cannot be detected. @throws MediaFault CORRUPT_FILE when there is
 * too much
 */
async function damageOfWebp({ input, limits }: OpenInput): Promise<SourceWarning | null> {
  if (typeof input === 'string' && (await stat(input)).size > MAX_BYTES) return null
  const bytes = typeof input === 'string' ? await readFile(input) : input
  const frames = [...framesOf(bytes).take(limits.maxFrames)]
  const lossy = frames.filter(({ type }) => type === LOSSY).map(({ data }) => data)
  // The header, whose pixels were counted, is another one than that of the frames.
  if (lossy.reduce((sum, data) => sum + pixelsOf(data), 0) > limits.maxPixels) return null
  return damageOf(lossy.filter(data => !isCompleteFrame(data)).length, frames.length, 'frames')
}

interface Chunk {
  type: string
  data: Buffer
}

// RFC 9649, chapter 2.7.
const RIFF_HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
const FRAME_HEADER_BYTES = 16
const FRAME = 'ANMF'
const LOSSY = 'VP8 '
const IMAGE_CHUNKS: ReadonlySet<string> = new Set([LOSSY, 'VP8L'])

/** Yields the images: that of the file, or those in the frames of an animation. */
function* framesOf(bytes: Buffer): Generator<Chunk> {
  const riff = bytes.subarray(0, bytes.readUInt32LE(4) + CHUNK_HEADER_BYTES)
  for (const chunk of chunksOf(riff.subarray(RIFF_HEADER_BYTES))) {
    if (chunk.type === FRAME) yield* images(chunksOf(chunk.data.subarray(FRAME_HEADER_BYTES)))
    else yield* images([chunk])
  }
}

function* images(chunks: Iterable<Chunk>): Generator<Chunk> {
  for (const chunk of chunks) if (IMAGE_CHUNKS.has(chunk.type)) yield chunk
}

function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = 0; at + CHUNK_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4)
    const dataAt = at + CHUNK_HEADER_BYTES
    yield { type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(dataAt, dataAt + length) }
    at = dataAt + length + (length % 2)
  }
}
