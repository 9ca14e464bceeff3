import { appError, MAX_PARTS, MIN_PART_BYTES } from '@darkroom/contracts'
import { divideIntoParts, type PartLayout } from '@darkroom/storage'

/** Small enough to be sent again over a phone's connection. */
const PREFERRED_PART_BYTES = 16 * 1024 * 1024
/** The largest file that one PUT takes at B2. */
export const MAX_SINGLE_PUT_BYTES = 5_000_000_000

/**
 * Divides an upload into parts: 16 MiB a part, more where 10,000 of them are not enough, less where that would make one part of a
 * file that can have two (B2's own large files have at least two).
 */
export function divideUpload(byteSize: number): PartLayout {
  const half = Math.max(MIN_PART_BYTES, Math.ceil(byteSize / 2))
  return divideIntoParts(byteSize, Math.min(PREFERRED_PART_BYTES, half))
}

/**
 * Divides an upload as its client does, in parts of exactly this size.
 * @throws INVALID_REQUEST when these are more than 10,000
 */
export function divideByPartSize(byteSize: number, partSize: number): PartLayout {
  const partCount = Math.ceil(byteSize / partSize)
  if (partCount <= MAX_PARTS) return { partSize, partCount }
  throw appError(
    'INVALID_REQUEST',
    `A file of ${byteSize} bytes has ${partCount} parts of ${partSize} bytes. The maximum is ${MAX_PARTS}; use a larger partSize.`,
  )
}

/**
 * Divides an upload whose bytes pass through the API, which holds one part in memory: the least that the store takes, more where
 * 10,000 parts of it are not enough (above 50 GB). A file of one part is one PUT.
 */
export function divideTusUpload(byteSize: number): PartLayout | null {
  return byteSize <= MIN_PART_BYTES ? null : divideIntoParts(byteSize, MIN_PART_BYTES)
}

/** Returns the numbers of all parts that are not among these, ascending. */
export function missingParts({ partCount }: PartLayout, present: readonly { partNumber: number }[]): number[] {
  const there = new Set(present.map(part => part.partNumber))
  return Array.from({ length: partCount }, (_, index) => index + 1).filter(partNumber => !there.has(partNumber))
}
