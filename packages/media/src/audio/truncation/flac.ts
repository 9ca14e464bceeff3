import { type FindTruncation, partOf } from './truncation.ts'

/** Of the clock; STREAMINFO counts every sample. What is recorded live says 0. */
const TOLERANCE_MS = 2

export const flacTruncation: FindTruncation = ({ statedMs, durationMs }) =>
  statedMs - durationMs > TOLERANCE_MS ? partOf(durationMs, statedMs) : null
