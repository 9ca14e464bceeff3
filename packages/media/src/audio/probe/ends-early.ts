import { open } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts'
import { ENDS_EARLY } from '../../ffmpeg/scan-packets.ts'

interface Decoded {
  file: string
  /** How long the header says that it is; 0 when it does not. */
  statedMs: number
  durationMs: number
  stderr: string
}

type Check = (decoded: Decoded) => boolean | Promise<boolean>

const TOLERANCE_MS = 50
/** Programs that write to a pipe do not know the size yet: they leave it at the largest number, or at half of that. */
const UNKNOWN_BYTES = 0x7ff0_0000
/** Some count the header, some do not. */
const TOLERANCE_BYTES = 64

const countsSamples: Check = ({ statedMs, durationMs }) => statedMs - durationMs > TOLERANCE_MS
const saysFfmpeg: Check = ({ stderr }) => ENDS_EARLY.test(stderr)

/** ffmpeg compares the bytes of the file with what the Xing header says; only a file that lacks a sixteenth is named. */
const lacksBytes: Check = ({ stderr }) => /\[warning\] filesize and duration do not match/.test(stderr)

/** RIFF and FORM: the length of all that follows stands at offset 4. */
const isCut =
  (read: (head: Buffer) => number): Check =>
  async ({ file }) => {
    await using handle = await open(file)
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0)
    const stated = read(buffer)
    return stated < UNKNOWN_BYTES && stated > (await handle.stat()).size + TOLERANCE_BYTES
  }

/** Ogg and bare AAC do not say how long they are. */
const CHECKS: Partial<Record<MediaType, Check>> = {
  'audio/flac': countsSamples,
  'audio/wav': isCut(head => head.readUInt32LE(4)),
  'audio/aiff': isCut(head => head.readUInt32BE(4)),
  'audio/mpeg': lacksBytes,
}

/** Whether there is less to hear than the file promises. */
export const endsEarly = async (type: MediaType, decoded: Decoded): Promise<boolean> =>
  await (CHECKS[type] ?? saysFfmpeg)(decoded)
