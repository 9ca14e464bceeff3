import type { Sha256 } from './sha256.ts'
import type { Source } from './source.ts'

const known = new WeakMap<Source, string>()

/** Returns the SHA-256 of a whole file, which is read and hashed once. */
export async function hashOf(source: Source, createSha256: () => Sha256): Promise<string> {
  const before = known.get(source)
  if (before !== undefined) return before
  const hash = createSha256()
  await hash.update(await source.read(0, source.byteSize))
  const digest = hash.digest()
  known.set(source, digest)
  return digest
}
