import type { Pps } from './pps.ts'
import { type RbspReader, rbspReader } from './rbsp.ts'
import type { Sps } from './sps.ts'
import { UnsupportedSyntax } from './unsupported-syntax.ts'

/** What stands in front of the data of a slice of a picture that needs no other (ITU-T H.265, 7.3.6). */
export interface SliceHeader {
  sps: Sps
  pps: Pps
  /** The number of its first block. */
  address: number
  hasLumaSao: boolean
  hasChromaSao: boolean
  /** Its quantizer. */
  qp: number
  /** Where its data begin. */
  dataAt: number
}

export interface ParameterSets {
  sps: ReadonlyMap<number, Sps>
  pps: ReadonlyMap<number, Pps>
}

const NAL_HEADER_BYTES = 2
const INTRA = 2

/** @throws RangeError where it cannot be so, UnsupportedSyntax where its parameter sets are missing */
export function readSliceHeader(rbsp: Buffer, sets: ParameterSets): SliceHeader {
  const bits = rbspReader(rbsp, NAL_HEADER_BYTES)
  const isFirst = bits.flag()
  bits.skip(1)
  const pps = sets.pps.get(bits.unsigned())
  const sps = pps && sets.sps.get(pps.spsId)
  if (!pps || !sps) throw new UnsupportedSyntax('parameter sets of somewhere else')
  if (!isFirst && pps.hasDependentSlices && bits.flag())
    throw new UnsupportedSyntax('slices that go on with the one before')
  const address = isFirst ? 0 : bits.bits(addressBits(sps))
  const own = readOwn(bits, sps, pps)
  if (pps.syncsRows) skipEntryPoints(bits, sps)
  if (pps.hasHeaderExtension) bits.skip(bits.unsigned() * 8)
  return { sps, pps, address, ...own, dataAt: bits.align() }
}

export const blocksOf = ({ width, height, log2Ctb }: Sps): { columns: number; rows: number } => ({
  columns: Math.ceil(width / (1 << log2Ctb)),
  rows: Math.ceil(height / (1 << log2Ctb)),
})

function addressBits(sps: Sps): number {
  const { columns, rows } = blocksOf(sps)
  return Math.ceil(Math.log2(columns * rows))
}

type Own = Pick<SliceHeader, 'hasLumaSao' | 'hasChromaSao' | 'qp'>

function readOwn(bits: RbspReader, sps: Sps, pps: Pps): Own {
  bits.skip(pps.extraHeaderBits)
  if (bits.unsigned() !== INTRA) throw new RangeError('a slice needs other pictures')
  if (pps.hasOutputFlag) bits.skip(1)
  const hasLumaSao = sps.hasSao && bits.flag()
  const hasChromaSao = sps.hasSao && sps.chroma !== 0 && bits.flag()
  const qp = pps.qp + bits.signed()
  if (pps.hasSliceChromaQp) for (let n = 0; n < 2; n++) bits.signed()
  const overrides = pps.overridesDeblocking && bits.flag()
  const disables = overrides ? bits.flag() : pps.disablesDeblocking
  if (overrides && !disables) for (let n = 0; n < 2; n++) bits.signed()
  if (pps.filtersAcrossSlices && (hasLumaSao || hasChromaSao || !disables)) bits.skip(1)
  return { hasLumaSao, hasChromaSao, qp }
}

/** Skips the entry points, because the parts always follow one another. */
function skipEntryPoints(bits: RbspReader, sps: Sps): void {
  const count = bits.unsigned()
  const { columns, rows } = blocksOf(sps)
  if (count > columns * rows) throw new RangeError('a slice has too many parts')
  if (count > 0) bits.skip((bits.unsigned() + 1) * count)
}
