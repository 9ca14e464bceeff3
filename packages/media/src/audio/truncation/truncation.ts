import type { FileHandle } from 'node:fs/promises'

/** An audio file, and what decoding all of it has shown. */
export interface Heard {
  file: FileHandle
  bytes: number
  /** How long the header says that it is; 0 when it does not. */
  statedMs: number
  durationMs: number
}

/**
 * Finds out whether there is less to hear than the file promises, from its headers and its end alone.
 * @returns what is missing, with numbers, for the owner, without a full stop; null where nothing is, or where the format does not tell
 */
export type FindTruncation = (heard: Heard) => string | null | Promise<string | null>

export const seconds = (ms: number): string => (ms / 1000).toFixed(1)

export const partOf = (durationMs: number, statedMs: number): string =>
  `${seconds(durationMs)} of ${seconds(statedMs)} s are there`
