// ITU-T H.265, tables 9-5 to 9-37: where each kind of bit begins in slices of intra pictures (initType 0).
const INITIAL = {
  mergesSao: [153],
  saoType: [200],
  splitsCodingBlock: [139, 141, 157],
  skipsQuantizing: [154],
  isOnePart: [184],
  hasLikelyMode: [184],
  chromaMode: [63],
  splitsTransform: [153, 138, 138],
  hasLuma: [111, 141],
  hasChroma: [94, 138, 182, 154, 154],
  qpDelta: [154, 154],
  skipsTransform: [139, 139],
  lastX: [110, 110, 124, 125, 140, 153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63],
  lastY: [110, 110, 124, 125, 140, 153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63],
  hasSubBlock: [91, 171, 134, 141],
  isSignificant: [
    111, 111, 125, 110, 110, 94, 124, 108, 124, 107, 125, 141, 179, 153, 125, 107, 125, 141, 179, 153, 125, 107, 125,
    141, 179, 153, 125, 140, 139, 182, 182, 152, 136, 152, 136, 153, 136, 139, 111, 136, 139, 111,
  ],
  isAboveOne: [
    140, 92, 137, 138, 140, 152, 138, 139, 153, 74, 149, 92, 139, 107, 122, 152, 140, 179, 166, 182, 140, 227, 122, 197,
  ],
  isAboveTwo: [138, 153, 136, 167, 152, 152],
} as const satisfies Record<string, readonly number[]>

export type Contexts = Record<keyof typeof INITIAL, number>

const names = Object.keys(INITIAL) as (keyof typeof INITIAL)[]
const all = names.flatMap(name => [...INITIAL[name]])

/** Where the contexts of each kind of bit begin among all. */
export const CONTEXTS: Contexts = Object.fromEntries(
  names.map((name, n) => [name, names.slice(0, n).reduce((sum, before) => sum + INITIAL[before].length, 0)]),
) as Contexts

/** Returns the states that all contexts begin with (9.3.2.2): they depend on the quantizer of the slice. */
export const initialStates = (qp: number): Uint8Array =>
  Uint8Array.from(all, value => {
    const [slope, offset] = [(value >> 4) * 5 - 45, ((value & 15) << 3) - 16]
    const state = clamp(((slope * clamp(qp, 0, 51)) >> 4) + offset, 1, 126)
    return state <= 63 ? (63 - state) << 1 : ((state - 64) << 1) | 1
  })

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
