import { type FindTruncation, lastPacketLacks, readTail } from './truncation.ts'

const SYNC = 0x47
const PACKET_BYTES = 188
/** MPEG-TS, M2TS with 4 bytes of a clock before each packet, and with 16 bytes of a checksum behind it. */
const STEPS = [188, 192, 204]
/** In a row to the end of the file: so many do not come about by chance. */
const MIN_PACKETS = 4

/**
 * Finds out whether the last packet is whole, and what each stream still waits for: audio frames say how long they are, video frames mostly do
 * not. A file that was cut between two packets, with nothing but frames, looks like one that ends there.
 */
export const transportTruncation: FindTruncation = async seen => {
  const tail = await readTail(seen)
  const grid = gridOf(tail)
  if (!grid) return null
  const { first, step } = grid
  const last = first + Math.floor((tail.length - 1 - first) / step) * step
  const there = tail.length - last
  const whole = step === 192 ? PACKET_BYTES : step
  if (there < whole) return lastPacketLacks(seen, whole - there, whole)
  if (there > whole) return lastPacketLacks(seen, step - (there - whole), step)
  const open = openPackets(tail, first, step)
  return open ? lastPacketLacks(seen, open.missing, open.of) : null
}

/** Finds where packets begin: at the same distance up to the end of the file. */
function gridOf(tail: Buffer): { first: number; step: number } | null {
  for (const step of STEPS)
    for (let first = 0; first < step && first + MIN_PACKETS * step <= tail.length; first++)
      if (isGrid(tail, first, step)) return { first, step }
  return null
}

function isGrid(tail: Buffer, first: number, step: number): boolean {
  for (let at = first; at < tail.length; at += step) if (tail[at] !== SYNC) return false
  return true
}

/**
 * Finds the packets of streams (PES, ISO 13818-1) that are incomplete at the end of the file. @returns the one that
 * lacks most
 */
function openPackets(tail: Buffer, first: number, step: number): { missing: number; of: number } | null {
  const streams = new Map<number, { of: number; there: number }>()
  for (let at = first; at + PACKET_BYTES <= tail.length; at += step) {
    const pid = tail.readUInt16BE(at + 1) & 0x1fff
    const begins = ((tail[at + 1] ?? 0) & 0x40) !== 0
    const payload = payloadOf(tail.subarray(at, at + PACKET_BYTES))
    if (begins) streams.set(pid, { of: statedBytes(payload), there: 0 })
    const stream = streams.get(pid)
    if (stream) stream.there += payload.length
  }
  const open = [...streams.values()].map(({ of, there }) => ({ of, missing: of - there }))
  return open.filter(({ missing }) => missing > 0).sort((a, b) => b.missing - a.missing)[0] ?? null
}

function payloadOf(packet: Buffer): Buffer {
  const control = ((packet[3] ?? 0) >> 4) & 3
  if ((control & 1) === 0) return packet.subarray(PACKET_BYTES)
  return packet.subarray(control === 3 ? 5 + (packet[4] ?? 0) : 4)
}

/** Returns the length of a PES packet; 0 when it is none, or has no length. */
function statedBytes(payload: Buffer): number {
  const isPes = payload.length >= 6 && payload.readUIntBE(0, 3) === 1
  const length = isPes ? payload.readUInt16BE(4) : 0
  return length === 0 ? 0 : 6 + length
}
