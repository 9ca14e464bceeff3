import { MAX_PARTS } from '@darkroom/contracts'

export interface PartLayout {
  /** Bytes of every part but the last. */
  partSize: number
  partCount: number
}

/** Divides a file into parts of so many bytes; larger ones where 10,000 of them are not enough. */
export function divideIntoParts(byteSize: number, wantedBytes: number): PartLayout {
  const partSize = Math.max(wantedBytes, Math.ceil(byteSize / MAX_PARTS))
  return { partSize, partCount: Math.ceil(byteSize / partSize) }
}

/** Returns bytes of one part, from 1 on. */
export const partBytes = ({ partSize, partCount }: PartLayout, byteSize: number, partNumber: number): number =>
  partNumber < partCount ? partSize : byteSize - partSize * (partCount - 1)
