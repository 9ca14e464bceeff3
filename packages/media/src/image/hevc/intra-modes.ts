import { DIAGONAL, HORIZONTAL, VERTICAL } from './scan-order.ts'

const PLANAR = 0
export const DC = 1
const ACROSS = 10
const DOWN = 26
const LAST = 34
const ANGLES = 32

/** What `intra_chroma_pred_mode` stands for, up to the one that is that of luma. */
const CHROMA_MODES = [PLANAR, DOWN, ACROSS, DC] as const

/** Table 8-3: angles of chroma that is half as wide as luma, and as high. */
const NARROW = new Uint8Array([
  0, 1, 2, 2, 2, 2, 3, 5, 7, 8, 10, 11, 13, 15, 16, 18, 19, 20, 21, 22, 23, 23, 24, 24, 25, 25, 26, 27, 27, 28, 28, 29,
  29, 30, 31,
])

/** Returns one of the three modes that the neighbours make likely (ITU-T H.265, 8.4.2). */
export function likelyMode(left: number, above: number, index: number): number {
  if (left !== above) {
    if (index === 0) return left
    if (index === 1) return above
    if (left !== PLANAR && above !== PLANAR) return PLANAR
    return left !== DC && above !== DC ? DC : DOWN
  }
  if (left < 2) return index === 0 ? PLANAR : index === 1 ? DC : DOWN
  if (index === 0) return left
  return 2 + ((left + (index === 1 ? 29 : -1)) % ANGLES)
}

/** Returns one of the 32 others: they are numbered without the likely ones. */
export function otherMode(left: number, above: number, index: number): number {
  const [first, second, third] = [likelyMode(left, above, 0), likelyMode(left, above, 1), likelyMode(left, above, 2)]
  const lowest = Math.min(first, second, third)
  const highest = Math.max(first, second, third)
  let mode = index
  if (mode >= lowest) mode++
  if (mode >= first + second + third - lowest - highest) mode++
  return mode >= highest ? mode + 1 : mode
}

/** Returns the mode of the chroma blocks (8.4.3). */
export function chromaMode(index: number, luma: number, isNarrow: boolean): number {
  const named = CHROMA_MODES[index]
  const mode = named === undefined ? luma : named === luma ? LAST : named
  return isNarrow ? (NARROW[mode] as number) : mode
}

/** Returns the scan order (7.4.9.11): small blocks are read along the edge from which they were predicted. */
export function scanOf(mode: number): number {
  if (mode >= 6 && mode <= 14) return VERTICAL
  return mode >= 22 && mode <= 30 ? HORIZONTAL : DIAGONAL
}
