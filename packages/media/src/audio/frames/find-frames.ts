import { FRAME_HEADERS, type FramedType } from './frame-header.ts'

/** Two in a row happen by chance in a megabyte of anything; four that agree on codec and rate do not. */
const FRAMES_IN_A_ROW = 4

/**
 * Finds where the first of several frames in a row begins, within these bytes; null where there are none. Looks at each byte once,
 * and at as many headers behind it as it takes.
 */
export function findFrames(type: FramedType, bytes: Uint8Array): number | null {
  for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (isRow(type, bytes, at)) return at
  }
  return null
}

function isRow(type: FramedType, bytes: Uint8Array, first: number): boolean {
  const read = FRAME_HEADERS[type]
  const family = read(bytes, first)?.family
  let at = first
  for (let n = 0; n < FRAMES_IN_A_ROW; n++) {
    const frame = read(bytes, at)
    if (!frame || frame.family !== family) return false
    at += frame.bytes
  }
  return true
}
