// ITU-T T.81, annex B.2.3 (scan header) and G.1.1 (progressive scans).
const SCAN = 0xda
const COEFFICIENTS = 64
/** More than any encoder writes; each one costs a decoder a walk over the whole picture. */
const MAX_SCANS = 1000

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/**
 * Whether the scans of a JPEG hold every coefficient of every component, down to its last bit. A progressive picture that
 * ends between two scans decodes without a complaint, but is not what was sent.
 */
export function hasAllScans(bytes: Buffer, start: number): boolean {
  const missing = new Map<number, Set<number>>()
  let scans = 0
  for (const { marker, body } of segments(bytes, start)) {
    if (isFrame(marker)) for (const id of componentsOf(body, 6, 3, body[5])) missing.set(id, range(0, COEFFICIENTS - 1))
    if (marker !== SCAN) continue
    if (++scans > MAX_SCANS) return false
    const count = body[0] ?? 0
    const [first = 0, last = 0, bits = 0] = body.subarray(1 + count * 2)
    if ((bits & 15) !== 0) continue
    for (const id of componentsOf(body, 1, 2, count)) for (const n of range(first, last)) missing.get(id)?.delete(n)
  }
  return missing.size > 0 && [...missing.values()].every(({ size }) => size === 0)
}

const range = (first: number, last: number): Set<number> =>
  new Set(Array.from({ length: Math.max(0, Math.min(last, COEFFICIENTS - 1) - first + 1) }, (_, n) => first + n))

const componentsOf = (body: Buffer, at: number, step: number, count = 0): number[] =>
  Array.from({ length: count }, (_, n) => body[at + n * step] ?? -1)

/** What stands between the data of scans, which itself has no byte of ones that a zero or a restart does not follow. */
function* segments(bytes: Buffer, start: number): Generator<{ marker: number; body: Buffer }> {
  for (let at = start; ; ) {
    at = bytes.indexOf(0xff, at)
    const marker = bytes[at + 1]
    if (at === -1 || marker === undefined || at + 4 > bytes.length) return
    const hasBody = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd9)
    const length = hasBody ? bytes.readUInt16BE(at + 2) : 0
    if (hasBody) yield { marker, body: bytes.subarray(at + 4, at + 2 + length) }
    // A byte of ones may be the first of a marker again.
    at += marker === 0xff ? 1 : 2 + length
  }
}
