import type { BoolDecoder } from './bool-decoder.ts'
import { MODE_PROBABILITIES } from './probabilities.ts'

// RFC 6386, chapters 8 and 11. The modes of small blocks are numbered as `MODE_PROBABILITIES` counts them.
const [DC, TRUE_MOTION, DOWN, ACROSS, RIGHT_DOWN] = [0, 1, 2, 3, 4]
const [VERTICAL_RIGHT, LEFT_DOWN, VERTICAL_LEFT, HORIZONTAL_DOWN, HORIZONTAL_UP] = [5, 6, 7, 8, 9]
const MODES = 10
const DECISIONS = 9
const SMALL_BLOCKS = 4

/** Reads how blocks are predicted: by that, the modes of those beside them are coded, and how many coefficients they have. */
export class ModeReader {
  readonly #decoder: BoolDecoder
  /** Of the small blocks above and to the left. */
  readonly #above: Uint8Array
  readonly #left = new Uint8Array(SMALL_BLOCKS)

  constructor(decoder: BoolDecoder, columns: number) {
    this.#decoder = decoder
    this.#above = new Uint8Array(columns * SMALL_BLOCKS)
  }

  startRow(): void {
    this.#left.fill(DC)
  }

  /** @returns whether each small block has a mode of its own */
  read(column: number): boolean {
    const at = column * SMALL_BLOCKS
    const isSmall = this.#decoder.bit(145) === 0
    if (isSmall) this.#readSmall(at)
    else {
      const mode = this.#readLarge()
      for (let n = 0; n < SMALL_BLOCKS; n++) {
        this.#above[at + n] = mode
        this.#left[n] = mode
      }
    }
    this.#skipChroma()
    return isSmall
  }

  #readSmall(at: number): void {
    for (let y = 0; y < SMALL_BLOCKS; y++) {
      let mode = this.#left[y] as number
      for (let x = 0; x < SMALL_BLOCKS; x++) {
        mode = this.#readMode(((this.#above[at + x] as number) * MODES + mode) * DECISIONS)
        this.#above[at + x] = mode
      }
      this.#left[y] = mode
    }
  }

  #readMode(first: number): number {
    if (this.#bit(first) === 0) return DC
    if (this.#bit(first + 1) === 0) return TRUE_MOTION
    if (this.#bit(first + 2) === 0) return DOWN
    if (this.#bit(first + 3) === 0) {
      if (this.#bit(first + 4) === 0) return ACROSS
      return this.#bit(first + 5) === 0 ? RIGHT_DOWN : VERTICAL_RIGHT
    }
    if (this.#bit(first + 6) === 0) return LEFT_DOWN
    if (this.#bit(first + 7) === 0) return VERTICAL_LEFT
    return this.#bit(first + 8) === 0 ? HORIZONTAL_DOWN : HORIZONTAL_UP
  }

  #bit(at: number): number {
    return this.#decoder.bit(MODE_PROBABILITIES[at] as number)
  }

  #readLarge(): number {
    if (this.#decoder.bit(156) === 1) return this.#decoder.bit(128) === 1 ? TRUE_MOTION : ACROSS
    return this.#decoder.bit(163) === 1 ? DOWN : DC
  }

  #skipChroma(): void {
    if (this.#decoder.bit(142) === 1 && this.#decoder.bit(114) === 1) this.#decoder.bit(183)
  }
}
