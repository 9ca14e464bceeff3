import type { ArithmeticDecoder } from './cabac/arithmetic-decoder.ts'
import { CONTEXTS } from './cabac/contexts.ts'
import { DIAGONAL, SCAN_ORDERS, type ScanOrder, VERTICAL } from './scan-order.ts'

/** What of it depends on the coding block. */
export interface ResidualOptions {
  hidesSigns: boolean
  /** Whether a block of the smallest size says that it is not transformed. */
  saysSkips: boolean
}

const LOG2_SUB_BLOCK = 2
const SUB_BLOCK_ORDERS = SCAN_ORDERS[LOG2_SUB_BLOCK] ?? []
const SUB_BLOCK = 16
/** Sub-blocks on a side of the largest block, and one behind them that is never coded. */
const GRID = 9
const LOG2_FLAT_PREFIX = 3
/** Coefficients whose level is told by bits of their own before the rest of it. */
const MAX_TOLD = 8
/** A coefficient has 16 bits: 18 would do. */
const MAX_LEVEL_PREFIX = 24
const MAX_RICE = 4
/** Between the first and the last coefficient of a sub-block, for one sign to be hidden. */
const MIN_HIDING = 4
/** Where contexts of chroma begin behind those of luma. */
const CHROMA = { last: 15, significant: 27, aboveOne: 16, aboveTwo: 4 }

/** `ctxIdxMap`: of blocks without sub-blocks, by y × 4 + x. */
const SMALL_BLOCK = [0, 1, 4, 5, 2, 3, 4, 5, 6, 6, 8, 8, 7, 7, 8, 8]

/**
 * Returns the context of a coefficient in a sub-block, by whether the neighbours to the right (1) and below (2) are
 * coded.
 */
function besideNeighbours(neighbours: number, x: number, y: number): number {
  if (neighbours === 0) return x + y === 0 ? 2 : x + y < 3 ? 1 : 0
  if (neighbours === 3) return 2
  const distance = neighbours === 1 ? y : x
  return distance === 0 ? 2 : distance === 1 ? 1 : 0
}

const ALONE = 4
/** Which context says that a coefficient is not zero: by the order, the neighbours or `ALONE`, and the place in the sub-block. */
const SIGNIFICANCE: readonly (readonly Uint8Array[])[] = SUB_BLOCK_ORDERS.map(({ x, y }) =>
  [0, 1, 2, 3, ALONE].map(neighbours =>
    Uint8Array.from(x, (_, n) => {
      const [atX, atY] = [x[n] ?? 0, y[n] ?? 0]
      return neighbours === ALONE ? (SMALL_BLOCK[atY * 4 + atX] ?? 0) : besideNeighbours(neighbours, atX, atY)
    }),
  ),
)

/** Reads past the coefficients of transform blocks (ITU-T H.265, 7.3.8.11 and 9.3.4.2). */
export class ResidualReader {
  readonly #decoder: ArithmeticDecoder
  readonly #codedSubBlocks = new Uint8Array(GRID * GRID)
  /** Places in a sub-block of the coefficients that are not zero, from the last to the first. */
  readonly #places = new Uint8Array(SUB_BLOCK)
  #count = 0
  /** `greater1Ctx`: 0 once one was above one. */
  #aboveOne = 1

  constructor(decoder: ArithmeticDecoder) {
    this.#decoder = decoder
  }

  /**
   * `log2` is that of the side; `scan` is one of the three orders.
   * @throws RangeError at a coefficient that has too many bits
   */
  read(log2: number, isChroma: boolean, scan: number, { hidesSigns, saysSkips }: ResidualOptions): void {
    if (saysSkips && log2 === LOG2_SUB_BLOCK) this.#decoder.bit(CONTEXTS.skipsTransform + (isChroma ? 1 : 0))
    const inside = orderOf(LOG2_SUB_BLOCK, scan)
    const outside = orderOf(log2 - LOG2_SUB_BLOCK, scan)
    const last = this.#last(log2, isChroma)
    const lastX = scan === VERTICAL ? last >> 8 : last & 0xff
    const lastY = scan === VERTICAL ? last & 0xff : last >> 8
    const lastBlock = outside.placeOf[((lastY >> 2) << (log2 - LOG2_SUB_BLOCK)) + (lastX >> 2)] as number
    const lastPlace = inside.placeOf[((lastY & 3) << 2) + (lastX & 3)] as number
    if (lastBlock > 0) this.#codedSubBlocks.fill(0)
    this.#aboveOne = 1
    for (let n = lastBlock; n >= 0; n--) {
      const x = outside.x[n] as number
      const y = outside.y[n] as number
      const neighbours = lastBlock > 0 ? this.#neighboursOf(y * GRID + x) : 0
      const isSaid = n < lastBlock && n > 0
      if (isSaid && !this.#isCoded(neighbours, isChroma)) continue
      this.#codedSubBlocks[y * GRID + x] = 1
      const first = significanceContext(log2, isChroma, scan, n > 0)
      const contexts = SIGNIFICANCE[scan]?.[log2 === LOG2_SUB_BLOCK ? ALONE : neighbours] as Uint8Array
      this.#significant(contexts, first, n === lastBlock ? lastPlace : SUB_BLOCK)
      // That in the corner of a sub-block has to be there where no other is; that of the whole block has a context of its own.
      const isSure = n === lastBlock ? lastPlace === 0 : isSaid && this.#count === 0
      const corner =
        n === 0 ? CONTEXTS.isSignificant + (isChroma ? CHROMA.significant : 0) : first + (contexts[0] as number)
      if (isSure || this.#decoder.bit(corner) === 1) this.#places[this.#count++] = 0
      if (this.#count > 0) this.#levels(isChroma, n, n === lastBlock, hidesSigns)
    }
  }

  #neighboursOf(at: number): number {
    return (this.#codedSubBlocks[at + 1] as number) | ((this.#codedSubBlocks[at + GRID] as number) << 1)
  }

  #isCoded(neighbours: number, isChroma: boolean): boolean {
    return this.#decoder.bit(CONTEXTS.hasSubBlock + (isChroma ? 2 : 0) + (neighbours === 0 ? 0 : 1)) === 1
  }

  /** The place of the last coefficient: x, and y in the higher byte. */
  #last(log2: number, isChroma: boolean): number {
    const offset = isChroma ? CHROMA.last : 3 * (log2 - 2) + ((log2 - 1) >> 2)
    const shift = isChroma ? log2 - 2 : (log2 + 1) >> 2
    const most = (log2 << 1) - 1
    const x = this.#prefix(CONTEXTS.lastX + offset, shift, most)
    const y = this.#prefix(CONTEXTS.lastY + offset, shift, most)
    const placeX = this.#afterPrefix(x)
    return placeX | (this.#afterPrefix(y) << 8)
  }

  #prefix(first: number, shift: number, most: number): number {
    let prefix = 0
    while (prefix < most && this.#decoder.bit(first + (prefix >> shift)) === 1) prefix++
    return prefix
  }

  #afterPrefix(prefix: number): number {
    if (prefix <= LOG2_FLAT_PREFIX) return prefix
    const bits = (prefix >> 1) - 1
    return ((2 + (prefix & 1)) << bits) + this.#decoder.plainBits(bits)
  }

  /** Which coefficients of a sub-block are not zero, down to the second: all from `end` on are, and that at `end` is not. */
  #significant(contexts: Uint8Array, first: number, end: number): void {
    const decoder = this.#decoder
    const places = this.#places
    let count = 0
    if (end > 0 && end < SUB_BLOCK) places[count++] = end
    for (let n = end - 1; n > 0; n--) if (decoder.bit(first + (contexts[n] as number)) === 1) places[count++] = n
    this.#count = count
  }

  /** How large those are that are not zero, and their signs. */
  #levels(isChroma: boolean, subBlock: number, isLast: boolean, hidesSigns: boolean): void {
    const set = (subBlock === 0 || isChroma ? 0 : 2) + (!isLast && this.#aboveOne === 0 ? 1 : 0)
    const first = CONTEXTS.isAboveOne + (isChroma ? CHROMA.aboveOne : 0) + (set << 2)
    const told = Math.min(this.#count, MAX_TOLD)
    let aboveOne = 1
    let [large, firstLarge] = [0, -1]
    for (let n = 0; n < told; n++) {
      if (this.#decoder.bit(first + aboveOne) === 1) {
        aboveOne = 0
        large |= 1 << n
        if (firstLarge === -1) firstLarge = n
      } else if (aboveOne > 0 && aboveOne < 3) aboveOne++
    }
    this.#aboveOne = aboveOne
    // Only of the first is said whether it is above two; where it is not, nothing more is to be said of it.
    const context = CONTEXTS.isAboveTwo + (isChroma ? CHROMA.aboveTwo : 0) + set
    if (firstLarge !== -1 && this.#decoder.bit(context) === 0) large &= ~(1 << firstLarge)
    const isHidden = hidesSigns && (this.#places[0] as number) - (this.#places[this.#count - 1] as number) >= MIN_HIDING
    this.#decoder.plainBits(this.#count - (isHidden ? 1 : 0))
    this.#remainders(large, firstLarge)
  }

  /** What the levels are above what was told. */
  #remainders(large: number, firstLarge: number): void {
    let rice = 0
    for (let n = 0; n < this.#count; n++) {
      const isTold = n < MAX_TOLD
      if (isTold && (large & (1 << n)) === 0) continue
      const level = (isTold ? (n === firstLarge ? 3 : 2) : 1) + this.#remainder(rice)
      if (level > 3 << rice && rice < MAX_RICE) rice++
    }
  }

  #remainder(rice: number): number {
    let prefix = 0
    while (this.#decoder.plainBit() === 1) if (++prefix > MAX_LEVEL_PREFIX) throw new RangeError('a level is too long')
    if (prefix <= LOG2_FLAT_PREFIX) return (prefix << rice) + this.#decoder.plainBits(rice)
    const bits = prefix - LOG2_FLAT_PREFIX
    return (((1 << bits) + 2) << rice) + this.#decoder.plainBits(bits + rice)
  }
}

const orderOf = (log2: number, scan: number): ScanOrder => SCAN_ORDERS[log2]?.[scan] as ScanOrder

function significanceContext(log2: number, isChroma: boolean, scan: number, isInside: boolean): number {
  if (isChroma) return CONTEXTS.isSignificant + CHROMA.significant + (log2 === LOG2_SUB_BLOCK ? 0 : log2 === 3 ? 9 : 12)
  const ofSize = log2 === LOG2_SUB_BLOCK ? 0 : log2 === 3 ? (scan === DIAGONAL ? 9 : 15) : 21
  return CONTEXTS.isSignificant + ofSize + (isInside ? 3 : 0)
}
