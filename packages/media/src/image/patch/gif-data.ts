/** Of a code, in bits. */
const MAX_BITS = 12
/** Of what an image may begin with. */
const MAX_FIRST_BITS = 8

/**
 * Returns whether the data of one image (GIF89a, appendix F: LZW) go on to their end, by its code or by the number of pixels. Its
 * decoder does not mind when they do not. They begin at `start` with the size of their codes, in pieces that say how long they
 * are, and end with the file. No pixel is made.
 */
export function isCompleteData(bytes: Buffer, start: number, pixels: number): boolean {
  const firstBits = bytes[start] ?? 0
  if (firstBits < 1 || firstBits > MAX_FIRST_BITS) return false
  const codes = new Codes(firstBits, pixels)
  // The lowest bits come first; how many a code has changes with each.
  let [held, count] = [0, 0]
  for (let [at, end] = [start + 1, 0]; at < bytes.length; at = end) {
    end = at + 1 + (bytes[at] ?? 0)
    for (let n = at + 1; n < end; n++) {
      held |= (bytes[n] ?? 0) << count
      count += 8
      for (let size = codes.bits; count >= size; size = codes.bits) {
        if (codes.isLast(held & ((1 << size) - 1))) return true
        held >>>= size
        count -= size
      }
    }
  }
  return false
}

/** How many pixels codes stand for. */
class Codes {
  readonly #firstBits: number
  readonly #lengths = new Uint32Array(1 << MAX_BITS)
  #next: number
  /** Of the code before; 0 where there is none. */
  #before = 0
  #pixelsLeft: number
  bits: number

  constructor(firstBits: number, pixels: number) {
    this.#firstBits = firstBits
    this.#lengths.fill(1, 0, 1 << firstBits)
    this.#next = (1 << firstBits) + 2
    this.#pixelsLeft = pixels
    this.bits = firstBits + 1
  }

  /** Takes one code: whether it says that it is the end, or its pixels are the last ones. */
  isLast(code: number): boolean {
    const clear = 1 << this.#firstBits
    if (code === clear) {
      this.#next = clear + 2
      this.#before = 0
      this.bits = this.#firstBits + 1
      return false
    }
    // One that is not known yet is that before and one pixel more.
    const length = code < this.#next ? (this.#lengths[code] ?? 0) : this.#before + 1
    if (this.#before > 0 && this.#next < this.#lengths.length) this.#lengths[this.#next++] = this.#before + 1
    if (this.#next === 1 << this.bits && this.bits < MAX_BITS) this.bits++
    this.#before = length
    this.#pixelsLeft -= length
    return code === clear + 1 || this.#pixelsLeft <= 0
  }
}
