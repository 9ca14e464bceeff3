/** The header of one frame of an audio file that is nothing but frames. */
export interface FrameHeader {
  /** Of the whole frame. */
  bytes: number
  /** What all frames of an audio file share: codec, layer, sample rate. */
  family: number
}

type ReadHeader = (bytes: Uint8Array, at: number) => FrameHeader | null

/** Types whose files have no header of their own. */
export type FramedType = 'audio/mpeg' | 'audio/aac'

const KBPS = {
  layer2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  layer3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
/** Hz of MPEG 1; MPEG 2 has half of it, 2.5 a quarter. */
const RATES = [44_100, 48_000, 32_000] as const
/** By the bits of the version: 2.5, none, 2, 1. */
const RATE_DIVISORS = [4, 0, 2, 1] as const
const MPEG_1 = 3
const LAYER_3 = 1
const LAYER_2 = 2

/**
 * Reads a header of MPEG audio, layers II and III (ISO/IEC 11172-3, 2.4.1.3). Free format, which has no length, is not
 * accepted.
 */
const readMpeg: ReadHeader = (bytes, at) => {
  const [sync = 0, kind = 0, rate = 0] = bytes.subarray(at, at + 3)
  const [version, layer] = [(kind >> 3) & 3, (kind >> 1) & 3]
  const divisor = RATE_DIVISORS[version] ?? 0
  const hz = (RATES[(rate >> 2) & 3] ?? 0) / (divisor || 1)
  if (sync !== 0xff || kind < 0xe0 || divisor === 0 || hz === 0 || (layer !== LAYER_3 && layer !== LAYER_2)) return null
  const table = version === MPEG_1 ? (layer === LAYER_3 ? KBPS.layer3 : KBPS.layer2) : KBPS.low
  const kbps = table[rate >> 4] ?? 0
  if (kbps === 0) return null
  const samples = layer === LAYER_3 && version !== MPEG_1 ? 576 : 1152
  const padding = (rate >> 1) & 1
  return { bytes: Math.floor((samples * kbps * 125) / hz) + padding, family: ((kind & 0x1e) << 8) | (rate & 0x0c) }
}

const ADTS_RATES = 13
const ADTS_HEADER_BYTES = 7

/** Reads an ADTS header (ISO/IEC 13818-7, 6.2). */
const readAdts: ReadHeader = (bytes, at) => {
  if (at + ADTS_HEADER_BYTES > bytes.length) return null
  const [sync = 0, kind = 0, rate = 0, high = 0, middle = 0, low = 0] = bytes.subarray(at, at + ADTS_HEADER_BYTES)
  if (sync !== 0xff || (kind & 0xf6) !== 0xf0 || ((rate >> 2) & 0xf) >= ADTS_RATES) return null
  const length = ((high & 3) << 11) | (middle << 3) | (low >> 5)
  return length > ADTS_HEADER_BYTES ? { bytes: length, family: ((kind & 0x08) << 8) | (rate & 0xfc) } : null
}

export const FRAME_HEADERS: Record<FramedType, ReadHeader> = { 'audio/mpeg': readMpeg, 'audio/aac': readAdts }
