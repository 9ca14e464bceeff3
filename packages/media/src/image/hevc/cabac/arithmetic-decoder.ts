import { LPS_RANGE, NEXT_LPS, NEXT_MPS } from './tables.ts'

/** The lowest range that needs no more bits. */
const HALF_RANGE = 256
const HALF_RANGE_ZEROS = Math.clz32(HALF_RANGE)
const FIRST_RANGE = 510
/** The value is kept with so many bits more than the range has. */
const SHIFT = 7
const BYTE = 8

/**
 * Reads bits that were coded by how likely they are (ITU-T H.265, 9.3.4.3). Millions of calls for a photo: one object, small integers,
 * no checks. Behind the end of the bytes it reads zeros, which `isPastEnd` tells.
 */
export class ArithmeticDecoder {
  readonly #bytes: Uint8Array
  #states: Uint8Array
  #at = 0
  #range = FIRST_RANGE
  #value = 0
  /** From -8 to -1: how many bits are left until the next byte is needed. */
  #needed = -BYTE

  constructor(bytes: Uint8Array, start: number, states: Uint8Array) {
    this.#bytes = bytes
    this.#states = states
    this.start(start)
  }

  /** Begins anew at a byte. What was learnt stays. */
  start(at: number): void {
    this.#at = at
    this.#range = FIRST_RANGE
    this.#value = this.#next() << BYTE
    this.#value |= this.#next()
    this.#needed = -BYTE
  }

  get states(): Uint8Array {
    return this.#states
  }

  set states(states: Uint8Array) {
    this.#states = states
  }

  #next(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  /** A bit whose likelihood is learnt. */
  bit(context: number): number {
    const states = this.#states
    const state = states[context] as number
    const lps = LPS_RANGE[(state << 2) | ((this.#range >> 6) & 3)] as number
    const range = this.#range - lps
    const scaled = range << SHIFT
    if (this.#value < scaled) {
      states[context] = NEXT_MPS[state] as number
      if (range >= HALF_RANGE) this.#range = range
      else {
        this.#range = range << 1
        this.#shift(1)
      }
      return state & 1
    }
    states[context] = NEXT_LPS[state] as number
    const shift = Math.clz32(lps) - HALF_RANGE_ZEROS
    this.#range = lps << shift
    this.#value -= scaled
    this.#shift(shift)
    return (state & 1) ^ 1
  }

  /** At most eight bits. */
  #shift(bits: number): void {
    this.#value <<= bits
    this.#needed += bits
    if (this.#needed < 0) return
    this.#value |= this.#next() << this.#needed
    this.#needed -= BYTE
  }

  /** A bit that is as likely as not. */
  plainBit(): number {
    this.#shift(1)
    const scaled = this.#range << SHIFT
    if (this.#value < scaled) return 0
    this.#value -= scaled
    return 1
  }

  /** Several of these as a number, the highest first. */
  plainBits(count: number): number {
    let value = 0
    for (let left = count; left > 0; left -= BYTE) {
      const bits = Math.min(left, BYTE)
      this.#shift(bits)
      const scaled = this.#range << SHIFT
      // What that many comparisons would come to.
      const read = (this.#value / scaled) | 0
      this.#value -= read * scaled
      value = (value << bits) | read
    }
    return value
  }

  /** Whether the data end here, or samples follow that are not coded at all. */
  isEnd(): boolean {
    this.#range -= 2
    if (this.#value >= this.#range << SHIFT) return true
    if (this.#range < HALF_RANGE) {
      this.#range <<= 1
      this.#shift(1)
    }
    return false
  }

  /** Where the next byte begins, after `isEnd`. */
  get nextByte(): number {
    return this.#at
  }

  /** Whether what ends here ends as an encoder writes it (9.3.2.5): a bit, and zeros up to the next byte. */
  get isAligned(): boolean {
    return (((this.#bytes[this.#at - 1] ?? 0) << (BYTE + this.#needed)) & 0xff) === 0x80
  }

  get isPastEnd(): boolean {
    return this.#at > this.#bytes.length
  }
}
