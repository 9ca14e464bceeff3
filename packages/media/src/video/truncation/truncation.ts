import type { FileHandle } from 'node:fs/promises'
import { readPart } from '../../audio/frames/read-part.ts'
import { seconds } from '../../audio/truncation/truncation.ts'

/** A file of video, and what reading all of its packets has shown. */
export interface Seen {
  file: FileHandle
  bytes: number
  /** How long the header says that it is; 0 when it does not. */
  statedMs: number
  /** From its beginning to the end of the last packet. */
  durationMs: number
  /** Of the video. */
  frames: number
  hasAudio: boolean
  /** Whether all that plays was counted, and not only the video and the audio that are taken. */
  isAll: boolean
}

/**
 * Finds out whether there is less to see than the file promises, from its headers and its end alone.
 * @returns what is missing, with numbers, for the owner, without a full stop; null where nothing is, or where the format does not tell
 */
export type FindTruncation = (seen: Seen) => string | null | Promise<string | null>

const NUMBER = new Intl.NumberFormat('en')
export const number = (value: number): string => NUMBER.format(value)

/** Returns what is said of a last packet that is not whole. */
export const lastPacketLacks = ({ durationMs }: Pick<Seen, 'durationMs'>, missing: number, of: number): string =>
  `The last packet, after ${seconds(durationMs)} s, lacks ${number(missing)} of ${number(of)} bytes`

/** Enough for a few hundred packets of each of the formats that are made of packets. */
const TAIL_BYTES = 65_536

export const readTail = ({ file, bytes }: Pick<Seen, 'file' | 'bytes'>): Promise<Buffer> =>
  readPart(file, bytes - TAIL_BYTES, TAIL_BYTES)
