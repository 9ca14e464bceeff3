import type { ApplicationKey } from './application-key.ts'
import type { Scope } from './signature.ts'

/** What a chunk-signed body is verified with: each chunk's signature covers the one before it. */
export interface ChunkSigning {
  signingKey: Buffer
  scope: Scope
  timestamp: string
  seedSignature: string
}

/** Who sent the request. `payload` is the value of `x-amz-content-sha256` that was signed. */
export type Identity =
  | { kind: 'anonymous' }
  | { kind: 'key'; key: ApplicationKey; presigned: boolean; payload: string; chunkSigning: ChunkSigning }

export const anonymous: Identity = { kind: 'anonymous' }
