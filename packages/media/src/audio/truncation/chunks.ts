import { readPart } from '../frames/read-part.ts'
import { type FindTruncation, type Heard, partOf } from './truncation.ts'

/** Programs that write to a pipe do not know the size yet: they leave it at the largest number, at half of that, or at 0. */
const UNKNOWN_BYTES = 0x7ff0_0000
/** Some count the header, some do not. */
export const TOLERANCE_BYTES = 64
/** Of these formats; in front of the samples people put a cover, cues and a note of the editor. */
const MAX_CHUNKS = 100
const FORM_BYTES = 12
const HEADER_BYTES = 8

interface Chunk {
  id: string
  /** Of its contents, which follow its header. */
  at: number
  bytes: number
}

type ReadSize = (header: Buffer) => number

/** Finds truncation in RIFF and FORM files by the length of the chunk of samples. */
const chunkTruncation =
  (samplesId: string, readSize: ReadSize): FindTruncation =>
  async heard => {
    let stated64: number | null = null
    for await (const chunk of chunksOf(heard, readSize)) {
      if (chunk.id === 'ds64') stated64 = await dataBytes(heard, chunk)
      if (chunk.id === samplesId) return lackOf(heard, chunk, stated64)
    }
    return null
  }

async function* chunksOf({ file, bytes: end }: Heard, readSize: ReadSize): AsyncGenerator<Chunk> {
  let at = FORM_BYTES
  for (let n = 0; n < MAX_CHUNKS && at + HEADER_BYTES <= end; n++) {
    const header = await readPart(file, at, HEADER_BYTES)
    const chunk = { id: header.toString('latin1', 0, 4), at: at + HEADER_BYTES, bytes: readSize(header) }
    yield chunk
    at = chunk.at + chunk.bytes + (chunk.bytes % 2)
  }
}

/** Returns the real size of the samples, where 32 bits are not enough (EBU Tech 3306). */
async function dataBytes({ file }: Heard, { at }: Chunk): Promise<number> {
  const sizes = await readPart(file, at, 16)
  return sizes.length < 16 ? 0 : Number(sizes.readBigUInt64LE(8))
}

function lackOf({ bytes: end, durationMs }: Heard, { at, bytes }: Chunk, stated64: number | null): string | null {
  const isUnknown = bytes === 0 || bytes >= UNKNOWN_BYTES
  const stated = isUnknown ? (stated64 ?? 0) : bytes
  const there = end - at
  const isCut = there > 0 && stated > there + TOLERANCE_BYTES && stated < Number.MAX_SAFE_INTEGER
  return isCut ? partOf(durationMs, (durationMs * stated) / there) : null
}

export const wavTruncation = chunkTruncation('data', header => header.readUInt32LE(4))
export const aiffTruncation = chunkTruncation('SSND', header => header.readUInt32BE(4))
