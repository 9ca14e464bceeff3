const FIRST_RANGE = 255
const BYTE = 8
/** The lowest range that needs no more bits. */
const HALF_RANGE = 128
const HALF_RANGE_ZEROS = Math.clz32(HALF_RANGE)
const EVEN = 128
/** libwebp leaves up to two bytes that are not read, libvpx none. A decoder may be as far ahead. */
const MAX_LEFT = 4
const MAX_AHEAD = 2

/** Reads decisions by how likely they are (RFC 6386, chapter 7). Behind the end of its bytes it reads zeros. */
export class BoolDecoder {
  readonly #bytes: Uint8Array
  #at = 2
  #range = FIRST_RANGE
  #value: number
  /** From -8 to -1: how many bits are left until the next byte is needed. */
  #needed = -BYTE

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#value = ((bytes[0] ?? 0) << BYTE) | (bytes[1] ?? 0)
  }

  /** One decision: `probability` of 256 is that of 0. */
  bit(probability: number): number {
    const split = 1 + (((this.#range - 1) * probability) >> BYTE)
    const scaled = split << BYTE
    if (this.#value < scaled) {
      this.#narrow(split)
      return 0
    }
    this.#value -= scaled
    this.#narrow(this.#range - split)
    return 1
  }

  #narrow(range: number): void {
    if (range >= HALF_RANGE) {
      this.#range = range
      return
    }
    const shift = Math.clz32(range) - HALF_RANGE_ZEROS
    this.#range = range << shift
    this.#value <<= shift
    this.#needed += shift
    if (this.#needed < 0) return
    this.#value |= (this.#bytes[this.#at++] ?? 0) << this.#needed
    this.#needed -= BYTE
  }

  flag(): boolean {
    return this.bit(EVEN) === 1
  }

  /** A number, the highest bit first. */
  bits(count: number): number {
    let value = 0
    for (let n = 0; n < count; n++) value = (value << 1) | this.bit(EVEN)
    return value
  }

  /** Passes a number with a sign that may be there. */
  skipOptional(count: number): void {
    if (this.flag()) this.bits(count + 1)
  }

  get isPastEnd(): boolean {
    return this.#at > this.#bytes.length + MAX_AHEAD
  }

  /** Whether what was read last is what was written last. */
  get isAtEnd(): boolean {
    return !this.isPastEnd && this.#bytes.length - this.#at <= MAX_LEFT
  }
}
