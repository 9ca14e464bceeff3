import { partOf } from '../../audio/truncation/truncation.ts'
import { fileBoxes } from '../../isobmff/file-boxes.ts'
import { hasSize } from './matroska-segment.ts'
import type { FindTruncation, Seen } from './truncation.ts'

/** Both: headers are rounded, and last a video frame or an audio frame more. */
const MIN_LACKING_MS = 1000
const MIN_LACKING_PART = 0.05

const statedLength: FindTruncation = ({ statedMs, durationMs, isAll }) => {
  const missing = statedMs - durationMs
  const isCut = isAll && missing > MIN_LACKING_MS && missing > statedMs * MIN_LACKING_PART
  return isCut ? partOf(durationMs, statedMs) : null
}

/**
 * Finds what is missing of a Matroska without sizes that was cut between two clusters. ffmpeg tells when a cluster is not whole,
 * or lacks in a segment of known size. Where nothing is heard, the last frame may stand still until the end.
 */
export const matroskaTruncation: FindTruncation = async seen =>
  seen.hasAudio && !(await hasSize(seen.file)) ? statedLength(seen) : null

/** Finds the same of fragments. A file without them has a list of all that it should hold. */
export const mp4Truncation: FindTruncation = async seen => ((await isFragmented(seen)) ? statedLength(seen) : null)

/** Before the first fragment there are the type, the list of tracks and indexes. */
const MAX_BOXES = 20
const OF_FRAGMENTS: ReadonlySet<string> = new Set(['moof', 'sidx'])

async function isFragmented({ file, bytes }: Seen): Promise<boolean> {
  let left = MAX_BOXES
  for await (const { type } of fileBoxes(file, { to: bytes })) {
    if (left-- === 0) return false
    if (OF_FRAGMENTS.has(type)) return true
  }
  return false
}
