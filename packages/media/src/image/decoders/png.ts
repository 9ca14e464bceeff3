import { needsMapping } from '../cicp/cicp.ts'
import { readPngCicp } from '../cicp/read-png.ts'
import type { Decoder } from './decoder.ts'
import { native } from './native.ts'

/** A PNG can give its colours by number, which libvips does not read. */
export const png: Decoder = {
  readHeader: input => native.readHeader(input),

  async open(input) {
    const [source, cicp] = [await native.open(input), await readPngCicp(input.file)]
    if (!cicp) return source
    return { ...source, icc: undefined, ...(needsMapping(cicp) && { cicp }) }
  },
}
