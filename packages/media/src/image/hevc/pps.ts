import type { RbspReader } from './rbsp.ts'
import { skipScalingLists } from './sps.ts'
import { UnsupportedSyntax } from './unsupported-syntax.ts'

/** What a picture parameter set says of how slices are to be read (ITU-T H.265, 7.3.2.3). */
export interface Pps {
  id: number
  spsId: number
  hasDependentSlices: boolean
  hasOutputFlag: boolean
  extraHeaderBits: number
  hidesSigns: boolean
  /** The quantizer that slices differ from. */
  qp: number
  skipsTransforms: boolean
  /** How deep in the tree of a block its quantizer is said; null where it is not. */
  qpDeltaDepth: number | null
  hasSliceChromaQp: boolean
  skipsQuantizing: boolean
  /** Each row of blocks begins anew with what was learnt in the one above (wavefronts). */
  syncsRows: boolean
  filtersAcrossSlices: boolean
  overridesDeblocking: boolean
  disablesDeblocking: boolean
  hasHeaderExtension: boolean
}

/** @throws RangeError where it cannot be, UnsupportedSyntax where it can be read no further */
export function readPps(bits: RbspReader): Pps {
  const [id, spsId] = [bits.unsigned(), bits.unsigned()]
  const [hasDependentSlices, hasOutputFlag] = [bits.flag(), bits.flag()]
  const extraHeaderBits = bits.bits(3)
  const hidesSigns = bits.flag()
  bits.skip(1)
  for (let n = 0; n < 2; n++) bits.unsigned()
  const qp = 26 + bits.signed()
  bits.skip(1)
  const skipsTransforms = bits.flag()
  const qpDeltaDepth = bits.flag() ? bits.unsigned() : null
  for (let n = 0; n < 2; n++) bits.signed()
  const hasSliceChromaQp = bits.flag()
  bits.skip(2)
  const [skipsQuantizing, hasTiles, syncsRows] = [bits.flag(), bits.flag(), bits.flag()]
  if (hasTiles) throw new UnsupportedSyntax('tiles inside of a picture')
  const filtersAcrossSlices = bits.flag()
  const deblocking = bits.flag() ? readDeblocking(bits) : { overridesDeblocking: false, disablesDeblocking: false }
  if (bits.flag()) skipScalingLists(bits)
  bits.skip(1)
  bits.unsigned()
  const hasHeaderExtension = bits.flag()
  if (bits.flag()) refuseExtensions(bits, skipsTransforms)
  return {
    id,
    spsId,
    hasDependentSlices,
    hasOutputFlag,
    extraHeaderBits,
    hidesSigns,
    qp,
    skipsTransforms,
    qpDeltaDepth,
    hasSliceChromaQp,
    skipsQuantizing,
    syncsRows,
    filtersAcrossSlices,
    ...deblocking,
    hasHeaderExtension,
  }
}

function readDeblocking(bits: RbspReader): Pick<Pps, 'overridesDeblocking' | 'disablesDeblocking'> {
  const [overridesDeblocking, disablesDeblocking] = [bits.flag(), bits.flag()]
  if (!disablesDeblocking) for (let n = 0; n < 2; n++) bits.signed()
  return { overridesDeblocking, disablesDeblocking }
}

/** Refuses range extensions (7.3.2.3.2) that change how slices are read. */
function refuseExtensions(bits: RbspReader, skipsTransforms: boolean): void {
  const hasRange = bits.flag()
  if (bits.bits(7) !== 0) throw new UnsupportedSyntax('layers, depth or screens')
  if (!hasRange) return
  const hasLargeSkips = skipsTransforms && bits.unsigned() > 0
  const predictsAcross = bits.flag()
  const hasChromaQpLists = bits.flag()
  if (hasLargeSkips || predictsAcross || hasChromaQpLists || bits.unsigned() > 0 || bits.unsigned() > 0)
    throw new UnsupportedSyntax('range extensions')
}
