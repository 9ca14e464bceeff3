const ESCAPED = Buffer.from([0, 0, 3])
const MAX_EXP_GOLOMB_BITS = 32

/** Returns a NAL unit without the bytes that keep start codes out of it (ITU-T H.265, 7.3.1.1). */
export function unescaped(nal: Buffer): Buffer {
  let at = nal.indexOf(ESCAPED)
  if (at === -1) return nal
  const out = Buffer.allocUnsafe(nal.length)
  let [from, length] = [0, 0]
  for (; at !== -1; at = nal.indexOf(ESCAPED, from)) {
    length += nal.copy(out, length, from, at + 2)
    from = at + ESCAPED.length
  }
  length += nal.copy(out, length, from)
  return out.subarray(0, length)
}

export interface RbspReader {
  /** The next bits as a number, the highest first; 32 at most. */
  bits(count: number): number
  flag(): boolean
  /** `ue(v)`: a number whose length stands before it. */
  unsigned(): number
  /** `se(v)`: the same with a sign. */
  signed(): number
  skip(bits: number): void
  /** Reads `byte_alignment()`. @returns where the next byte begins */
  align(): number
}

/** Reads what stands in front of the slice data. @throws RangeError at the end, and where a number is longer than any */
export function rbspReader(bytes: Buffer, start: number): RbspReader {
  let at = start * 8
  const bits = (count: number): number => {
    let value = 0
    for (let n = 0; n < count; n++, at++) value = value * 2 + ((bytes.readUInt8(at >> 3) >> (7 - (at & 7))) & 1)
    return value
  }
  const unsigned = (): number => {
    let length = 0
    while (bits(1) === 0) if (++length > MAX_EXP_GOLOMB_BITS) throw new RangeError('a number is too long')
    return 2 ** length - 1 + bits(length)
  }
  return {
    bits,
    flag: () => bits(1) === 1,
    unsigned,
    signed() {
      const code = unsigned()
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2
    },
    skip(count) {
      at += count
    },
    align() {
      if (bits(1) !== 1) throw new RangeError('a header does not end where it says')
      at = Math.ceil(at / 8) * 8
      return at / 8
    },
  }
}
