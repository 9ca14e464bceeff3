import { open } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts'
import { aiffTruncation, wavTruncation } from './chunks.ts'
import { flacTruncation } from './flac.ts'
import { framesTruncation } from './frames.ts'
import { mp3Truncation } from './mp3.ts'
import { oggTruncation } from './ogg.ts'
import type { FindTruncation, Heard } from './truncation.ts'

/** MP4 and Matroska are not on it: of those ffmpeg tells by itself. */
const FINDERS: Partial<Record<MediaType, FindTruncation>> = {
  'audio/flac': flacTruncation,
  'audio/wav': wavTruncation,
  'audio/aiff': aiffTruncation,
  'audio/mpeg': mp3Truncation,
  'audio/aac': framesTruncation('audio/aac'),
  'audio/ogg': oggTruncation,
}

/** Finds what is missing at the end of an audio file, with numbers, for its owner; null where nothing is. */
export async function findTruncation(
  path: string,
  type: MediaType,
  heard: Pick<Heard, 'statedMs' | 'durationMs'>,
): Promise<string | null> {
  const find = FINDERS[type]
  if (!find) return null
  await using file = await open(path)
  const { size: bytes } = await file.stat()
  const missing = await find({ ...heard, file, bytes })
  return missing === null ? null : `${missing}.`
}
