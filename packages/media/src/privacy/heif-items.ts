import { FULL_BOX_BYTES } from '../isobmff/boxes.ts'

/** Where in the file an item of a HEIF container lies: offset and length of each of its parts. */
export type Extent = readonly [number, number]

/**
 * Returns the content of one item.
 * @throws RangeError when the item is nowhere in the file; ISO/IEC 14496-12, 8.11.3
 */
export function heifItemBytes(file: Buffer, locations: Buffer, id: number): Buffer {
  for (const [item, extents] of readItemLocations(locations)) {
    if (item === id) return Buffer.concat(extents.map(([at, length]) => file.subarray(at, at + length)))
  }
  throw new RangeError('an item has no place in its file')
}

/** Reads where each item lies, by its id; without those that lie in another item, in the header or in another file. */
export function* readItemLocations(bytes: Buffer): Generator<[number, Extent[]]> {
  const version = bytes[0] ?? 0
  const next = numbers(bytes.subarray(FULL_BOX_BYTES))
  const [offsetBytes, lengthBytes] = halves(next(1))
  const [baseBytes, indexBytes] = halves(next(1))
  const idBytes = version < 2 ? 2 : 4
  const count = next(idBytes)
  for (let n = 0; n < count; n++) {
    const id = next(idBytes)
    // How it is addressed, and in which file: 0 is by bytes of this one, and the only way in what we write.
    const isElsewhere = next(version === 0 ? 2 : 4) !== 0
    const base = next(baseBytes)
    const extents = Array.from({ length: next(2) }, (): Extent => {
      if (version > 0) next(indexBytes)
      return [base + next(offsetBytes), next(lengthBytes)]
    })
    if (!isElsewhere) yield [id, extents]
  }
}

const halves = (byte: number) => [byte >> 4, byte & 15] as const

/** Reads one number after the other, each of `size` bytes: up to 6, or 8; one of no bytes is 0. */
function numbers(bytes: Buffer): (size: number) => number {
  let at = 0
  return size => {
    const from = at
    at += size
    if (size === 0) return 0
    return size === 8 ? Number(bytes.readBigUInt64BE(from)) : bytes.readUIntBE(from, size)
  }
}
