import type { ArithmeticDecoder } from './cabac/arithmetic-decoder.ts'
import { CONTEXTS } from './cabac/contexts.ts'
import type { SliceHeader } from './slice-header.ts'

const BAND = 1
const OFFSETS = 4
const BAND_BITS = 5
const EDGE_BITS = 2

/** Reads past what a block says of sample adaptive offset (ITU-T H.265, 7.3.8.3). It may be said to be that of a neighbour. */
export function skipSao(decoder: ArithmeticDecoder, slice: SliceHeader, hasLeft: boolean, hasAbove: boolean): void {
  if (!slice.hasLumaSao && !slice.hasChromaSao) return
  if (hasLeft && decoder.bit(CONTEXTS.mergesSao) === 1) return
  if (hasAbove && decoder.bit(CONTEXTS.mergesSao) === 1) return
  const { lumaBits, chromaBits } = slice.sps
  if (slice.hasLumaSao) skipOffsets(decoder, readType(decoder), lumaBits, true)
  if (!slice.hasChromaSao) return
  const type = readType(decoder)
  skipOffsets(decoder, type, chromaBits, true)
  skipOffsets(decoder, type, chromaBits, false)
}

/** Reads the type of SAO; 0 for none. */
const readType = (decoder: ArithmeticDecoder): number =>
  decoder.bit(CONTEXTS.saoType) === 0 ? 0 : 1 + decoder.plainBit()

/** Skips the offsets. The second colour has the edges of the first. */
function skipOffsets(decoder: ArithmeticDecoder, type: number, bits: number, saysEdge: boolean): void {
  if (type === 0) return
  const most = (1 << (Math.min(bits, 10) - 5)) - 1
  let signs = 0
  for (let n = 0; n < OFFSETS; n++) {
    let offset = 0
    while (offset < most && decoder.plainBit() === 1) offset++
    if (offset > 0) signs++
  }
  if (type === BAND) decoder.plainBits(signs + BAND_BITS)
  else if (saysEdge) decoder.plainBits(EDGE_BITS)
}
