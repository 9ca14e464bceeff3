/** What tells whether a file that is chosen later is the one that was chosen before. */
export interface FileIdentity {
  name: string
  byteSize: number
  lastModified: number
  /** Of samples of the content; null where they had not been read yet. */
  fingerprint: string | null
}

const SAMPLES = 16
const SAMPLE_BYTES = 64 * 1024

/** Tells whether the samples cover the whole file. */
const isSampledWhole = (byteSize: number) => byteSize <= SAMPLES * SAMPLE_BYTES

/**
 * Returns a short fingerprint of samples: 16 of 64 kB from the first byte to the last. It does not resist an attacker,
 * who could only spoil an upload of their own.
 */
export async function fingerprintOf(file: Blob): Promise<string> {
  let hash: Hash = [0xdeadbeef, 0x41c6ce57]
  for (const start of sampleStarts(file.size)) {
    hash = mix(hash, new Uint8Array(await file.slice(start, start + SAMPLE_BYTES).arrayBuffer()))
  }
  return hash.map(half => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

function sampleStarts(byteSize: number): number[] {
  if (isSampledWhole(byteSize)) {
    return Array.from({ length: Math.ceil(byteSize / SAMPLE_BYTES) }, (_, index) => index * SAMPLE_BYTES)
  }
  const step = (byteSize - SAMPLE_BYTES) / (SAMPLES - 1)
  return Array.from({ length: SAMPLES }, (_, index) => Math.floor(index * step))
}

type Hash = [number, number]

/** Mixes every byte into the hash by one round of cyrb53. `crypto.subtle` only exists on https and localhost. */
function mix([a, b]: Hash, bytes: Uint8Array): Hash {
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 2654435761)
    b = Math.imul(b ^ byte, 1597334677)
  }
  return [Math.imul(a ^ (a >>> 16), 2246822507) ^ b, Math.imul(b ^ (b >>> 16), 3266489909) ^ a]
}

/**
 * Tells whether this is the known file. A copy may have another date; then every byte must have been compared.
 * @throws what a browser throws for a file that it cannot read
 */
export async function isSameFile(known: FileIdentity, file: File): Promise<boolean> {
  const { name, byteSize, lastModified, fingerprint } = known
  if (file.name !== name || file.size !== byteSize) return false
  const isOfSameTime = file.lastModified === lastModified
  if (fingerprint === null) return isOfSameTime
  return (isOfSameTime || isSampledWhole(byteSize)) && (await fingerprintOf(file)) === fingerprint
}
