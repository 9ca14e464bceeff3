import type { Sha256 } from './sha256.ts'
import type { Source } from './source.ts'

const SAMPLES = 16
const SAMPLE_BYTES = 64 * 1024

/**
 * Returns what an upload is remembered by: a hash over where it goes, with which details, and the name, size, date and samples
 * of the file (16 of 64 kB, the first byte and the last among them). A changed file has another one; should the samples
 * miss the change, the check of the whole file does not. Where the samples are the whole file, its date does not matter.
 */
export async function fingerprintOf(source: Source, scope: unknown, hash: Sha256): Promise<string> {
  const { name, byteSize, lastModified } = source
  const date = byteSize > SAMPLES * SAMPLE_BYTES ? lastModified : null
  await hash.update(new TextEncoder().encode(JSON.stringify([scope, name, byteSize, date])))
  for (const start of sampleStarts(byteSize)) {
    await hash.update(await source.read(start, Math.min(byteSize, start + SAMPLE_BYTES)))
  }
  return hash.digest()
}

function sampleStarts(byteSize: number): number[] {
  if (byteSize <= SAMPLES * SAMPLE_BYTES) {
    return Array.from({ length: Math.ceil(byteSize / SAMPLE_BYTES) }, (_, index) => index * SAMPLE_BYTES)
  }
  const step = (byteSize - SAMPLE_BYTES) / (SAMPLES - 1)
  return Array.from({ length: SAMPLES }, (_, index) => Math.floor(index * step))
}
