import { createHash } from 'node:crypto'
import type { Sha256 } from '../upload/sha256.ts'

/** Creates a SHA-256 in native code. */
export function createNodeSha256(): Sha256 {
  const hash = createHash('sha256')
  return {
    update: bytes => void hash.update(bytes),
    digest: () => hash.digest('hex'),
  }
}
