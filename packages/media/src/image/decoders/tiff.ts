import { MediaFault } from '../../fault.ts'
import { readDirectories } from '../patch/tiff-directories.ts'
import type { Decoder, HeaderInput } from './decoder.ts'
import { native } from './native.ts'

// TIFF 6.0: Compression, PhotometricInterpretation, PlanarConfiguration, SampleFormat, BitsPerSample.
const [BITS, COMPRESSION, COLORS, PLANES, SAMPLES] = [258, 259, 262, 284, 339]

/** What is decoded, but not into what it shows: libvips cuts off below zero, or takes the numbers for others. */
const FORMATS: Record<number, string> = { 2: 'signed numbers', 3: 'floating point numbers', 5: 'complex numbers' }
const MAX_INTEGER_BITS = 16

/** What the decoder refuses, and calls damaged. */
const COMPRESSIONS: Record<number, string> = { 6: 'old-style JPEG' }
const SPACES: Record<number, string> = {
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
  32844: 'LogL',
  32845: 'LogLuv',
}

/** A TIFF can hold numbers of any kind; what is taken is what shows an image. */
export const tiff: Decoder = {
  async readHeader(input) {
    const values = await firstPage(input)
    const samples = samplesOf(values)
    if (samples) throw unsupported(samples)
    try {
      return await native.readHeader(input)
    } catch (error) {
      const reason = reasonOf(values)
      throw reason ? unsupported(reason, error) : error
    }
  },

  open: input => native.open(input),
}

type Values = ReadonlyMap<number, number>

async function firstPage({ file }: HeaderInput): Promise<Values> {
  return (await readDirectories(file, 0))?.pages[0]?.values ?? new Map()
}

function samplesOf(values: Values): string | undefined {
  const format = values.get(SAMPLES) ?? 1
  const bits = values.get(BITS) ?? 1
  return FORMATS[format] ?? (bits > MAX_INTEGER_BITS ? `numbers of ${bits} bits` : undefined)
}

function reasonOf(values: Values): string | undefined {
  const compression = COMPRESSIONS[values.get(COMPRESSION) ?? 1]
  const colors = SPACES[values.get(COLORS) ?? 0]
  return compression ?? colors ?? (values.get(PLANES) === 2 ? 'separate planes' : undefined)
}

const unsupported = (what: string, cause?: unknown): MediaFault =>
  new MediaFault('UNSUPPORTED_TYPE', `TIFF files with ${what} are not supported`, { cause })
