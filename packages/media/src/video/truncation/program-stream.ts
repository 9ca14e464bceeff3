import { type FindTruncation, lastPacketLacks, readTail } from './truncation.ts'

const START = Buffer.from([0, 0, 1])
const PACK = Buffer.from([0, 0, 1, 0xba])
const END = 0xb9
const FIRST_SYSTEM_CODE = 0xbb
const MAX_HEADER_BYTES = 14

/** Finds a truncation of a program stream. Every packet says how long it is; followed from a pack near the end, the last one has to end with the file. */
export const programTruncation: FindTruncation = async seen => {
  const tail = await readTail(seen)
  let at = tail.indexOf(PACK)
  if (at === -1) return null
  for (;;) {
    const rest = tail.subarray(at)
    if (rest.length < MAX_HEADER_BYTES && isUnfinished(rest))
      return lastPacketLacks(seen, MAX_HEADER_BYTES - rest.length, MAX_HEADER_BYTES)
    const bytes = packetBytes(rest)
    if (bytes === null) return null
    if (bytes > rest.length) return lastPacketLacks(seen, bytes - rest.length, bytes)
    at += bytes
  }
}

/** Tells whether the rest is an incomplete header. The end mark is a complete one, and zeros are padding. */
const isUnfinished = (rest: Buffer): boolean =>
  rest.length >= START.length && rest.indexOf(START) === 0 && rest[3] !== END && rest.length < headerBytes(rest)

const headerBytes = (rest: Buffer): number => (rest[3] === 0xba ? MAX_HEADER_BYTES : 6)

/** Returns the length of a packet; null when the file has ended, or there is no packet. */
function packetBytes(rest: Buffer): number | null {
  const code = rest[3] ?? 0
  if (rest.indexOf(START) !== 0 || rest.length < 6) return null
  if (code === 0xba) return packBytes(rest)
  return code >= FIRST_SYSTEM_CODE ? 6 + rest.readUInt16BE(4) : null
}

/** Returns the length of a pack header. ISO 13818-1 adds stuffing, ISO 11172-1 is shorter. */
const packBytes = (rest: Buffer): number => (((rest[4] ?? 0) & 0xc0) === 0x40 ? 14 + ((rest[13] ?? 0) & 7) : 12)
