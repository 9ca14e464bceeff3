import type { ArithmeticDecoder } from './cabac/arithmetic-decoder.ts'
import { CONTEXTS } from './cabac/contexts.ts'
import { chromaMode, DC, likelyMode, otherMode, scanOf } from './intra-modes.ts'
import type { Pps } from './pps.ts'
import { type ResidualOptions, ResidualReader } from './residual.ts'
import { DIAGONAL } from './scan-order.ts'
import type { Sps } from './sps.ts'

/** Where a block is, and whether those beside it can be referred to. */
export interface BlockPlace {
  /** In luma samples. */
  x: number
  y: number
  hasLeft: boolean
  hasAbove: boolean
}

const LOG2_UNIT = 2
const MAX_UNITS = 16
const [YUV_422, YUV_444] = [2, 3]
/** Which parts of chroma have coefficients: two bits of blue and two of red, as 4:2:2 has two squares of each. */
const BLUE = 1
const RED = 4
const SECOND = 2
const MAX_QP_PREFIX = 5
const MAX_QP_SUFFIX = 15

/** Reads past one block after the other (ITU-T H.265, 7.3.8.4 to 7.3.8.14), for what has to be known to read the next. */
export class CodingTree {
  readonly #sps: Sps
  readonly #pps: Pps
  readonly #decoder: ArithmeticDecoder
  readonly #residual: ResidualReader
  /** Of what was read last in each column of the picture and each row of a block, in units of 4 samples. */
  readonly #above: { depths: Uint8Array; modes: Uint8Array }
  readonly #left = { depths: new Uint8Array(MAX_UNITS), modes: new Uint8Array(MAX_UNITS) }
  readonly #unitMask: number
  #place: BlockPlace = { x: 0, y: 0, hasLeft: false, hasAbove: false }
  #isQpCoded = false
  /** Of the coding block: one for each of its parts. */
  readonly #lumaModes = new Uint8Array(4)
  readonly #chromaModes = new Uint8Array(4)
  #maxDepth = 0
  #hasParts = false
  readonly #coded: ResidualOptions
  #options: ResidualOptions

  constructor(sps: Sps, pps: Pps, decoder: ArithmeticDecoder) {
    this.#sps = sps
    this.#pps = pps
    this.#decoder = decoder
    this.#residual = new ResidualReader(decoder)
    const units = sps.width >> LOG2_UNIT
    this.#above = { depths: new Uint8Array(units), modes: new Uint8Array(units) }
    this.#unitMask = (1 << (sps.log2Ctb - LOG2_UNIT)) - 1
    this.#coded = { hidesSigns: pps.hidesSigns, saysSkips: pps.skipsTransforms }
    this.#options = this.#coded
  }

  /** @throws RangeError where no encoder can have written what is there */
  read(place: BlockPlace): void {
    this.#place = place
    this.#quadtree(place.x, place.y, this.#sps.log2Ctb, 0)
  }

  #quadtree(x: number, y: number, log2: number, depth: number): void {
    const { width, height, log2MinCb, log2Ctb } = this.#sps
    const size = 1 << log2
    const isInside = x + size <= width && y + size <= height
    const isSplit = log2 > log2MinCb && (isInside ? this.#splits(x, y, depth) : true)
    if (this.#pps.qpDeltaDepth !== null && log2 >= log2Ctb - this.#pps.qpDeltaDepth) this.#isQpCoded = false
    if (!isSplit) {
      this.#codingBlock(x, y, log2, depth)
      return
    }
    const half = size >> 1
    this.#quadtree(x, y, log2 - 1, depth + 1)
    if (x + half < width) this.#quadtree(x + half, y, log2 - 1, depth + 1)
    if (y + half < height) this.#quadtree(x, y + half, log2 - 1, depth + 1)
    if (x + half < width && y + half < height) this.#quadtree(x + half, y + half, log2 - 1, depth + 1)
  }

  #splits(x: number, y: number, depth: number): boolean {
    const hasLeft = x > this.#place.x || this.#place.hasLeft
    const hasAbove = y > this.#place.y || this.#place.hasAbove
    const left = hasLeft && (this.#left.depths[(y >> LOG2_UNIT) & this.#unitMask] as number) > depth
    const above = hasAbove && (this.#above.depths[x >> LOG2_UNIT] as number) > depth
    return this.#decoder.bit(CONTEXTS.splitsCodingBlock + (left ? 1 : 0) + (above ? 1 : 0)) === 1
  }

  #codingBlock(x: number, y: number, log2: number, depth: number): void {
    const decoder = this.#decoder
    const isRaw = this.#pps.skipsQuantizing && decoder.bit(CONTEXTS.skipsQuantizing) === 1
    this.#hasParts = log2 === this.#sps.log2MinCb && decoder.bit(CONTEXTS.isOnePart) === 0
    const at = x >> LOG2_UNIT
    const row = (y >> LOG2_UNIT) & this.#unitMask
    const units = 1 << (log2 - LOG2_UNIT)
    for (let n = 0; n < units; n++) {
      this.#above.depths[at + n] = depth
      this.#left.depths[row + n] = depth
    }
    this.#readModes(x, y, log2)
    this.#maxDepth = this.#sps.maxTransformDepth + (this.#hasParts ? 1 : 0)
    this.#options = isRaw ? RAW : this.#coded
    this.#transformTree(log2, 0, 0, 0, 0)
  }

  #readModes(x: number, y: number, log2: number): void {
    const decoder = this.#decoder
    const parts = this.#hasParts ? 4 : 1
    let likely = 0
    for (let part = 0; part < parts; part++) likely |= decoder.bit(CONTEXTS.hasLikelyMode) << part
    const log2Part = log2 - (this.#hasParts ? 1 : 0)
    for (let part = 0; part < parts; part++) {
      const partX = x + ((part & 1) << log2Part)
      const partY = y + ((part >> 1) << log2Part)
      this.#lumaModes[part] = this.#readLumaMode(partX, partY, log2Part, (likely & (1 << part)) !== 0)
    }
    const { chroma } = this.#sps
    if (chroma === 0) return
    for (let part = 0; part < (chroma === YUV_444 ? parts : 1); part++) {
      const index = decoder.bit(CONTEXTS.chromaMode) === 0 ? 4 : decoder.plainBits(2)
      this.#chromaModes[part] = chromaMode(index, this.#lumaModes[part] as number, chroma === YUV_422)
    }
  }

  #readLumaMode(x: number, y: number, log2: number, isLikely: boolean): number {
    const at = x >> LOG2_UNIT
    const row = (y >> LOG2_UNIT) & this.#unitMask
    const hasLeft = x > this.#place.x || this.#place.hasLeft
    const left = hasLeft ? (this.#left.modes[row] as number) : DC
    // Modes are not remembered from one row of blocks to the next.
    const above = y > this.#place.y ? (this.#above.modes[at] as number) : DC
    const mode = isLikely
      ? likelyMode(left, above, this.#decoder.plainBit() === 0 ? 0 : 1 + this.#decoder.plainBit())
      : otherMode(left, above, this.#decoder.plainBits(5))
    this.#keepMode(at, row, 1 << (log2 - LOG2_UNIT), mode)
    return mode
  }

  #keepMode(at: number, row: number, units: number, mode: number): void {
    for (let n = 0; n < units; n++) {
      this.#above.modes[at + n] = mode
      this.#left.modes[row + n] = mode
    }
  }

  /** `part` is that of the coding block, `quarter` that of the block above; `chroma` is what that one has of it. */
  #transformTree(log2: number, depth: number, part: number, quarter: number, chroma: number): void {
    const { log2MinTb, log2MaxTb } = this.#sps
    const mustSplit = log2 > log2MaxTb || (this.#hasParts && depth === 0)
    const canSplit = log2 > log2MinTb && depth < this.#maxDepth
    const isSplit = mustSplit || (canSplit && this.#decoder.bit(CONTEXTS.splitsTransform + 5 - log2) === 1)
    const hasOwn = log2 > LOG2_UNIT || this.#sps.chroma === YUV_444
    const own = hasOwn && this.#sps.chroma !== 0 ? this.#chromaFlags(log2, depth, isSplit, chroma) : chroma
    if (!isSplit) {
      this.#transformBlock(log2, depth, part, quarter, own)
      return
    }
    for (let n = 0; n < 4; n++)
      this.#transformTree(log2 - 1, depth + 1, this.#hasParts && depth === 0 ? n : part, n, own)
  }

  #chromaFlags(log2: number, depth: number, isSplit: boolean, above: number): number {
    const hasSecond = this.#sps.chroma === YUV_422 && (!isSplit || log2 === 3)
    let flags = 0
    for (let color = BLUE; color <= RED; color *= RED) {
      if (depth > 0 && (above & (color | (color * SECOND))) === 0) continue
      if (this.#decoder.bit(CONTEXTS.hasChroma + depth) === 1) flags |= color
      if (hasSecond && this.#decoder.bit(CONTEXTS.hasChroma + depth) === 1) flags |= color * SECOND
    }
    return flags
  }

  #transformBlock(log2: number, depth: number, part: number, quarter: number, chroma: number): void {
    const hasLuma = this.#decoder.bit(CONTEXTS.hasLuma + (depth === 0 ? 1 : 0)) === 1
    if (!hasLuma && chroma === 0) return
    if (this.#pps.qpDeltaDepth !== null && !this.#isQpCoded) this.#readQpDelta()
    const isFull = this.#sps.chroma === YUV_444
    if (hasLuma) {
      const scan = log2 <= 3 ? scanOf(this.#lumaModes[part] as number) : DIAGONAL
      this.#residual.read(log2, false, scan, this.#options)
    }
    if (chroma === 0) return
    // Four of the smallest share their chroma, which follows the last of them.
    if (log2 > LOG2_UNIT || isFull) this.#chromaBlocks(log2 - (isFull ? 0 : 1), isFull ? part : 0, chroma)
    else if (quarter === 3) this.#chromaBlocks(log2, 0, chroma)
  }

  #chromaBlocks(log2: number, part: number, chroma: number): void {
    const isSmall = log2 === LOG2_UNIT || (log2 === 3 && this.#sps.chroma === YUV_444)
    const scan = isSmall ? scanOf(this.#chromaModes[part] as number) : DIAGONAL
    for (let flag = BLUE; flag <= RED * SECOND; flag <<= 1)
      if ((chroma & flag) !== 0) this.#residual.read(log2, true, scan, this.#options)
  }

  #readQpDelta(): void {
    const decoder = this.#decoder
    let prefix = 0
    while (prefix < MAX_QP_PREFIX && decoder.bit(CONTEXTS.qpDelta + (prefix === 0 ? 0 : 1)) === 1) prefix++
    if (prefix === MAX_QP_PREFIX) this.#readQpSuffix()
    if (prefix > 0) decoder.plainBit()
    this.#isQpCoded = true
  }

  /** Exp-Golomb of order 0. */
  #readQpSuffix(): void {
    let bits = 0
    while (this.#decoder.plainBit() === 1) if (++bits > MAX_QP_SUFFIX) throw new RangeError('a quantizer is impossible')
    this.#decoder.plainBits(bits)
  }
}

const RAW: ResidualOptions = { hidesSigns: false, saysSkips: false }
