import { hashOf } from './hash-of.ts'
import type { Sha256 } from './sha256.ts'
import type { Source } from './source.ts'

const SAMPLES = 16
const SAMPLE_BYTES = 64 * 1024

/**
 * Returns what an upload is remembered by: a hash over where it goes, with which details, and the name, size, date and samples
 * of the file (16 of 64 kB, the first byte and the last among them). A changed file has another one; should the samples
 * miss the change, the check of the whole file does not. Of a file that is no larger than its samples all counts, and not its date.
 */
export async function fingerprintOf(source: Source, scope: unknown, createSha256: () => Sha256): Promise<string> {
  const { name, byteSize, lastModified } = source
  const isSmall = byteSize <= SAMPLES * SAMPLE_BYTES
  const whole = isSmall ? await hashOf(source, createSha256) : lastModified
  const hash = createSha256()
  await hash.update(new TextEncoder().encode(JSON.stringify([scope, name, byteSize, whole])))
  if (!isSmall) {
    const step = (byteSize - SAMPLE_BYTES) / (SAMPLES - 1)
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const start = Math.floor(sample * step)
      await hash.update(await source.read(start, start + SAMPLE_BYTES))
    }
  }
  return hash.digest()
}
