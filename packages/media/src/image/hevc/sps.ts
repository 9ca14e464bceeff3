import type { RbspReader } from './rbsp.ts'
import { UnsupportedSyntax } from './unsupported-syntax.ts'

/** What a sequence parameter set says of how its slices are to be read (ITU-T H.265, 7.3.2.2). */
export interface Sps {
  id: number
  /** `ChromaArrayType`: none, 4:2:0, 4:2:2, 4:4:4. */
  chroma: number
  /** In luma samples, before it is cropped. */
  width: number
  height: number
  lumaBits: number
  chromaBits: number
  /** Of blocks: the logarithm of how many luma samples are on a side. */
  log2Ctb: number
  log2MinCb: number
  log2MinTb: number
  log2MaxTb: number
  /** How often a coding block of this kind of picture may be split into transform blocks. */
  maxTransformDepth: number
  hasSao: boolean
}

const MAX_SHORT_TERM_SETS = 64
const MAX_LONG_TERM = 32
const MAX_SIDE = 65_536

/** @throws RangeError where it cannot be, UnsupportedSyntax where it can be read no further */
export function readSps(bits: RbspReader): Sps {
  bits.skip(4)
  const maxSubLayers = bits.bits(3)
  bits.skip(1)
  skipProfile(bits, maxSubLayers)
  const id = bits.unsigned()
  const chroma = bits.unsigned()
  if (chroma === 3 && bits.flag()) throw new UnsupportedSyntax('colour planes of their own')
  const [width, height] = [bits.unsigned(), bits.unsigned()]
  if (bits.flag()) for (let n = 0; n < 4; n++) bits.unsigned()
  const [lumaBits, chromaBits] = [bits.unsigned() + 8, bits.unsigned() + 8]
  const orderBits = bits.unsigned() + 4
  for (let n = bits.flag() ? 0 : maxSubLayers; n <= maxSubLayers; n++) for (let m = 0; m < 3; m++) bits.unsigned()
  const log2MinCb = bits.unsigned() + 3
  const log2Ctb = log2MinCb + bits.unsigned()
  const log2MinTb = bits.unsigned() + 2
  const log2MaxTb = log2MinTb + bits.unsigned()
  bits.unsigned()
  const maxTransformDepth = bits.unsigned()
  if (bits.flag() && bits.flag()) skipScalingLists(bits)
  bits.skip(1)
  const hasSao = bits.flag()
  if (bits.flag()) throw new UnsupportedSyntax('samples that are not coded')
  skipReferences(bits, orderBits)
  bits.skip(2)
  if (bits.flag()) skipVui(bits)
  if (bits.flag()) refuseExtensions(bits)
  const sps: Sps = {
    id,
    chroma,
    width,
    height,
    lumaBits,
    chromaBits,
    log2Ctb,
    log2MinCb,
    log2MinTb,
    log2MaxTb,
    maxTransformDepth,
    hasSao,
  }
  if (!isPossible(sps)) throw new RangeError('a sequence has an impossible form')
  return sps
}

/** Checks the bounds of 7.4.3.2, on which tables and recursions rely. */
const isPossible = (sps: Sps): boolean =>
  sps.chroma <= 3 &&
  Math.min(sps.width, sps.height) > 0 &&
  Math.max(sps.width, sps.height) <= MAX_SIDE &&
  Math.max(sps.lumaBits, sps.chromaBits) <= 16 &&
  sps.log2Ctb >= 4 &&
  sps.log2Ctb <= 6 &&
  sps.log2MinTb < sps.log2MinCb &&
  sps.log2MaxTb <= Math.min(5, sps.log2Ctb) &&
  sps.maxTransformDepth <= sps.log2Ctb - sps.log2MinTb &&
  sps.width % (1 << sps.log2MinCb) === 0 &&
  sps.height % (1 << sps.log2MinCb) === 0

const PROFILE_BITS = 88
const LEVEL_BITS = 8

function skipProfile(bits: RbspReader, maxSubLayers: number): void {
  bits.skip(PROFILE_BITS + LEVEL_BITS)
  const present = Array.from({ length: maxSubLayers }, () => [bits.flag(), bits.flag()] as const)
  if (maxSubLayers > 0) bits.skip((8 - maxSubLayers) * 2)
  for (const [hasProfile, hasLevel] of present) bits.skip((hasProfile ? PROFILE_BITS : 0) + (hasLevel ? LEVEL_BITS : 0))
}

/** Skips the scaling lists (7.3.4), also of picture parameter sets. */
export function skipScalingLists(bits: RbspReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.unsigned()
        continue
      }
      if (size > 1) bits.signed()
      for (let n = 0; n < Math.min(64, 1 << (4 + (size << 1))); n++) bits.signed()
    }
  }
}

/** Skips references to other images. A photo has none, but some encoders describe them anyway. */
function skipReferences(bits: RbspReader, orderBits: number): void {
  const sets = bits.unsigned()
  if (sets > MAX_SHORT_TERM_SETS) throw new RangeError('a sequence has too many sets')
  let before = 0
  for (let n = 0; n < sets; n++) before = skipShortTermSet(bits, n, before)
  if (!bits.flag()) return
  const longTerm = bits.unsigned()
  if (longTerm > MAX_LONG_TERM) throw new RangeError('a sequence has too many references')
  bits.skip(longTerm * (orderBits + 1))
}

/** Skips a short-term set (7.3.7). @returns the number of its images, which the next set may use */
function skipShortTermSet(bits: RbspReader, index: number, before: number): number {
  if (index > 0 && bits.flag()) {
    bits.skip(1)
    bits.unsigned()
    let kept = 0
    for (let n = 0; n <= before; n++) if (bits.flag() || bits.flag()) kept++
    return kept
  }
  const count = bits.unsigned() + bits.unsigned()
  for (let n = 0; n < count; n++) {
    bits.unsigned()
    bits.skip(1)
  }
  return count
}

const EXTENDED_SAR = 255

/** Skips the usability information (Annex E.2.1), which describes how the video is shown. */
function skipVui(bits: RbspReader): void {
  if (bits.flag() && bits.bits(8) === EXTENDED_SAR) bits.skip(32)
  if (bits.flag()) bits.skip(1)
  if (bits.flag()) {
    bits.skip(4)
    if (bits.flag()) bits.skip(24)
  }
  if (bits.flag()) for (let n = 0; n < 2; n++) bits.unsigned()
  bits.skip(3)
  if (bits.flag()) for (let n = 0; n < 4; n++) bits.unsigned()
  if (bits.flag()) {
    bits.skip(64)
    if (bits.flag()) bits.unsigned()
    if (bits.flag()) throw new UnsupportedSyntax('a buffer model')
  }
  if (bits.flag()) {
    bits.skip(3)
    for (let n = 0; n < 5; n++) bits.unsigned()
  }
}

/** Of the range extensions: rotation, explicit RDPCM, smoothing and offsets change nothing of how a photo is read; the others do. */
const HARMLESS = new Set([0, 3, 5, 6])

function refuseExtensions(bits: RbspReader): void {
  const hasRange = bits.flag()
  if (bits.bits(7) !== 0) throw new UnsupportedSyntax('layers, depth or screens')
  if (!hasRange) return
  for (let n = 0; n < 9; n++) if (bits.flag() && !HARMLESS.has(n)) throw new UnsupportedSyntax('range extensions')
}
