import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalB2, type LocalB2Options, startLocalB2 } from '@darkroom/local-b2'
import type { S3StoreConfig } from '../src/index.ts'

export const bucket = 'darkroom-private'

/** Small sizes, so that tests reach the multipart paths. */
export const sizes = { multipartThresholdBytes: 6_000_000, partBytes: 5_000_000 }

export const storeConfig = (endpoint: string): S3StoreConfig => ({
  endpoint,
  region: 'local-000',
  keyId: 'localkey',
  applicationKey: 'localsecret',
  ...sizes,
})

/** Starts a local B2 in a temporary folder. */
export async function startTestB2(
  options: Pick<LocalB2Options, 'refuseChecksumHeaders' | 'keys' | 'buckets' | 'maxCopyBytes'> = {},
): Promise<LocalB2 & AsyncDisposable & { dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-b2-'))
  const server = await startLocalB2({ dataDir, port: 0, buckets: [{ name: bucket, access: 'private' }], ...options })
  const close = async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { ...server, dataDir, close, [Symbol.asyncDispose]: close }
}
