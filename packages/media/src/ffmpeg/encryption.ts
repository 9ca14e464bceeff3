import { type FileHandle, open } from 'node:fs/promises'
import { MediaFault } from '../fault.ts'
import { fileBoxes } from '../isobmff/file-boxes.ts'

/**
 * Refuses what is protected by DRM. ffmpeg takes its noise for damage, and shows as many frames of it as it can.
 * @throws MediaFault ENCRYPTED_VIDEO
 */
export async function refuseEncrypted({ file, type }: { file: string; type: string }): Promise<void> {
  const isEncrypted = CHECKS[type]
  if (!isEncrypted) return
  await using handle = await open(file)
  if (await isEncrypted(handle)) throw encrypted()
}

export const encrypted = (): MediaFault =>
  new MediaFault('ENCRYPTED_VIDEO', 'The file is encrypted and cannot be decoded without its key')

type Check = (handle: FileHandle) => Promise<boolean>

/** Sample entries of encrypted tracks: of Common Encryption (ISO/IEC 23001-7), and of FairPlay before it. */
const ENCRYPTED_ENTRIES: ReadonlySet<string> = new Set(['encv', 'enca', 'drmi', 'drms'])

/** What lies around a sample entry, and how many bytes stand in front of the boxes in it. */
const AROUND_ENTRIES: Record<string, number> = { moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, stsd: 8 }
/** No file of ours has as many; whoever asks for more is not believed. */
const MAX_BOXES = 20_000

const inBoxes: Check = async handle => {
  let left = MAX_BOXES
  const search = async (from: number, to: number): Promise<boolean> => {
    for await (const { type, at, headerBytes, size } of fileBoxes(handle, { from, to })) {
      if (left-- <= 0 || size < headerBytes) return false
      if (ENCRYPTED_ENTRIES.has(type)) return true
      const skip = AROUND_ENTRIES[type]
      if (skip !== undefined && (await search(at + headerBytes + skip, Math.min(to, at + size)))) return true
    }
    return false
  }
  return await search(0, (await handle.stat()).size)
}

const TS_HEAD_BYTES = 512 * 1024
const TS_SYNC = 0x47
/** With and without the time stamp that cameras and discs write in front of each packet. */
const TS_PACKET_BYTES = [188, 192]
/** Tables are never scrambled; a packet whose bits flipped looks as if it were. */
const MIN_SCRAMBLED_PART = 0.5

/** Checks the two bits that say whether a packet is scrambled (ISO/IEC 13818-1, 2.4.3.2). */
const inPackets: Check = async handle => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(TS_HEAD_BYTES), 0, TS_HEAD_BYTES, 0)
  const head = buffer.subarray(0, bytesRead)
  return TS_PACKET_BYTES.some(length => {
    const packets = packetsOf(head, length)
    const scrambled = packets.filter(at => ((head[at + 3] ?? 0) & 0xc0) !== 0)
    return packets.length > 0 && scrambled.length > packets.length * MIN_SCRAMBLED_PART
  })
}

function packetsOf(head: Buffer, length: number): number[] {
  const first = length - 188
  const count = Math.floor((head.length - first) / length)
  const starts = Array.from({ length: count }, (_, n) => first + n * length)
  const inSync = starts.filter(at => head[at] === TS_SYNC)
  return inSync.length > count * MIN_SCRAMBLED_PART ? inSync : []
}

const CHECKS: Partial<Record<string, Check>> = {
  'video/mp4': inBoxes,
  'video/quicktime': inBoxes,
  'video/3gpp': inBoxes,
  'audio/mp4': inBoxes,
  'video/mp2t': inPackets,
}
