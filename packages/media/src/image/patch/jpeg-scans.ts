// ITU-T T.81, annex B.2.3 (scan header) and G.1.1 (progressive scans).
const SCAN = 0xda
const COEFFICIENTS = 64
/** More than any encoder writes; each one costs a decoder a walk over the whole image. */
const MAX_SCANS = 1000
/** With all tables in front of scans. */
const MAX_SEGMENTS = 10_000
const MAX_SCAN_COMPONENTS = 4

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/**
 * Returns whether the scans of a JPEG hold every coefficient of every component, down to its last bit. A progressive image that
 * ends between two scans decodes without a complaint, but is not what was sent.
 */
export function hasAllScans(bytes: Buffer, start: number): boolean {
  const missing = new Map<number, Set<number>>()
  let [found, frames, scans] = [0, 0, 0]
  for (const { marker, body } of segments(bytes, start)) {
    if (++found > MAX_SEGMENTS) return false
    if (isFrame(marker)) {
      const count = body[5] ?? 0
      // An image has one. More cost time, not bytes: each may name 255 components.
      if (++frames > 1 || body.length < 6 + 3 * count) return false
      for (const id of componentsOf(body, 6, 3, count)) missing.set(id, range(0, COEFFICIENTS - 1))
    }
    if (marker !== SCAN) continue
    const count = body[0] ?? 0
    if (++scans > MAX_SCANS || count > MAX_SCAN_COMPONENTS || body.length < 4 + 2 * count) return false
    const [first = 0, last = 0, bits = 0] = body.subarray(1 + count * 2)
    if ((bits & 15) !== 0) continue
    for (const id of componentsOf(body, 1, 2, count)) for (const n of range(first, last)) missing.get(id)?.delete(n)
  }
  return missing.size > 0 && [...missing.values()].every(({ size }) => size === 0)
}

const range = (first: number, last: number): Set<number> =>
  new Set(Array.from({ length: Math.max(0, Math.min(last, COEFFICIENTS - 1) - first + 1) }, (_, n) => first + n))

const componentsOf = (body: Buffer, at: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => body[at + n * step] ?? -1)

/** Yields the segments between the data of scans. In the data 0xff is always followed by a zero or a restart. */
function* segments(bytes: Buffer, start: number): Generator<{ marker: number; body: Buffer }> {
  for (let at = start; at + 4 <= bytes.length; ) {
    // Byte by byte: a search that is begun anew for each byte of ones costs more, where there is nothing else.
    if (bytes[at] !== 0xff) {
      at++
      continue
    }
    const marker = bytes[at + 1] ?? 0
    const hasBody = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd9)
    const length = hasBody ? bytes.readUInt16BE(at + 2) : 0
    if (hasBody) yield { marker, body: bytes.subarray(at + 4, at + 2 + length) }
    // A byte of ones may be the first of a marker again.
    at += marker === 0xff ? 1 : 2 + length
  }
}
