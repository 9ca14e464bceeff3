import type { BoolDecoder } from './bool-decoder.ts'

// RFC 6386, chapter 13.
const COEFFICIENTS = 16
const BANDS = new Uint8Array([0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0])
const KIND = { afterDc: 0, dc: 1, chroma: 2, whole: 3 }
const [PER_KIND, PER_BAND, PER_CONTEXT] = [8 * 3 * 11, 3 * 11, 11]
/** How likely the bits of large coefficients are, by their category. */
const LARGE = [
  [173, 148, 140],
  [176, 155, 140, 135],
  [180, 157, 141, 134, 130],
  [254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
] as const
/** Whether small blocks have coefficients: four of luma, two of each colour, and those of the whole block. */
const FLAGS = 9
const DC_FLAG = 8

/** Reads past the coefficients of one block after the other. How likely they are depends on whether those beside have any. */
export class TokenReader {
  readonly #probabilities: Uint8Array
  readonly #above: Uint8Array
  readonly #left = new Uint8Array(FLAGS)

  constructor(probabilities: Uint8Array, columns: number) {
    this.#probabilities = probabilities
    this.#above = new Uint8Array(columns * FLAGS)
  }

  startRow(): void {
    this.#left.fill(0)
  }

  /** A block without any. */
  skip(column: number, isSmall: boolean): void {
    const count = isSmall ? DC_FLAG : FLAGS
    this.#left.fill(0, 0, count)
    this.#above.fill(0, column * FLAGS, column * FLAGS + count)
  }

  read(decoder: BoolDecoder, column: number, isSmall: boolean): void {
    if (!isSmall) this.#block(decoder, column, KIND.dc, DC_FLAG, DC_FLAG)
    const kind = isSmall ? KIND.whole : KIND.afterDc
    for (let y = 0; y < 4; y++) for (let x = 0; x < 4; x++) this.#block(decoder, column, kind, x, y)
    for (let first = 4; first < DC_FLAG; first += 2)
      for (let n = 0; n < 4; n++) this.#block(decoder, column, KIND.chroma, first + (n & 1), first + (n >> 1))
  }

  #block(decoder: BoolDecoder, column: number, kind: number, x: number, y: number): void {
    const at = column * FLAGS + x
    const first = kind === KIND.afterDc ? 1 : 0
    const context = (this.#above[at] as number) + (this.#left[y] as number)
    const flag = this.#coefficients(decoder, kind * PER_KIND, context, first) > first ? 1 : 0
    this.#above[at] = flag
    this.#left[y] = flag
  }

  /** @returns how many there are up to the last that is not zero */
  #coefficients(decoder: BoolDecoder, kind: number, context: number, first: number): number {
    const probabilities = this.#probabilities
    let at = kind + (BANDS[first] as number) * PER_BAND + context * PER_CONTEXT
    for (let n = first; n < COEFFICIENTS; n++) {
      if (decoder.bit(probabilities[at] as number) === 0) return n
      while (decoder.bit(probabilities[at + 1] as number) === 0) {
        n++
        if (n === COEFFICIENTS) return COEFFICIENTS
        at = kind + (BANDS[n] as number) * PER_BAND
      }
      const isLarge = decoder.bit(probabilities[at + 2] as number) === 1
      if (isLarge) this.#large(decoder, at)
      decoder.flag()
      at = kind + (BANDS[n + 1] as number) * PER_BAND + (isLarge ? 2 : 1) * PER_CONTEXT
    }
    return COEFFICIENTS
  }

  #bit(decoder: BoolDecoder, at: number): number {
    return decoder.bit(this.#probabilities[at] as number)
  }

  /** One above one. */
  #large(decoder: BoolDecoder, at: number): void {
    if (this.#bit(decoder, at + 3) === 0) {
      if (this.#bit(decoder, at + 4) === 1) this.#bit(decoder, at + 5)
    } else if (this.#bit(decoder, at + 6) === 0) {
      if (this.#bit(decoder, at + 7) === 0) decoder.bit(159)
      else {
        decoder.bit(165)
        decoder.bit(145)
      }
    } else {
      const high = this.#bit(decoder, at + 8)
      for (const probability of LARGE[high * 2 + this.#bit(decoder, at + 9 + high)] ?? []) decoder.bit(probability)
    }
  }
}
