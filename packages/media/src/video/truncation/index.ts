import { open } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts'
import { oggTruncation } from '../../audio/truncation/ogg.ts'
import { aviTruncation } from './avi.ts'
import { programTruncation } from './program-stream.ts'
import { matroskaTruncation, mp4Truncation } from './stated-length.ts'
import { transportTruncation } from './transport-stream.ts'
import type { FindTruncation, Seen } from './truncation.ts'

const FINDERS: Partial<Record<MediaType, FindTruncation>> = {
  'video/vnd.avi': aviTruncation,
  'video/mp2t': transportTruncation,
  'video/mpeg': programTruncation,
  'video/ogg': oggTruncation,
  'video/matroska': matroskaTruncation,
  'video/webm': matroskaTruncation,
  'video/mp4': mp4Truncation,
  'video/quicktime': mp4Truncation,
  'video/3gpp': mp4Truncation,
}

/** Finds what is missing at the end of a file of video, with numbers, for its owner; null where nothing is known to be. */
export async function findTruncation(
  path: string,
  type: MediaType,
  seen: Omit<Seen, 'file' | 'bytes'>,
): Promise<string | null> {
  const find = FINDERS[type]
  if (!find) return null
  await using file = await open(path)
  const { size: bytes } = await file.stat()
  const missing = await find({ ...seen, file, bytes })
  return missing === null ? null : `${missing}.`
}
