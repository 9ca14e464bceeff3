import { createHash } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { silentLogger } from '@darkroom/core'
import type { Target } from '../errors.ts'
import { callS3, type S3Context } from '../s3-calls.ts'
import { createS3Client } from '../s3-client.ts'
import { readS3Failure } from '../s3-errors.ts'
import { resolveS3StoreConfig, type S3StoreConfig } from '../s3-store-config.ts'

/** A client with the setup key, for bucket settings. Keep that key off the servers: it may do far more than they need. */
export interface ProvisioningClient {
  readonly region: string
  /** Runs a call; where the store refuses CRC32, once more with Content-MD5 (docs/b2.md, checksums). */
  call<T>(target: Target, run: (client: S3Client) => Promise<T>): Promise<T>
  close(): void
}

const isChecksumRefused = (error: unknown): boolean => {
  const { status, message } = readS3Failure(error)
  return (status === 400 || status === 501) && /checksum|header you provided implies/i.test(message)
}

/** Replaces the SDK's checksum by Content-MD5, which every S3 takes. */
function useContentMd5(client: S3Client): S3Client {
  client.middlewareStack.add(
    next => args => {
      const request = args.request as { headers: Record<string, string>; body?: string | Uint8Array }
      for (const name of Object.keys(request.headers)) {
        if (/^x-amz-(sdk-)?checksum-/i.test(name)) delete request.headers[name]
      }
      const digest = createHash('md5').update(request.body ?? '')
      request.headers['content-md5'] = digest.digest('base64')
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'contentMd5' },
  )
  return client
}

export function createProvisioningClient(config: S3StoreConfig): ProvisioningClient {
  const resolved = resolveS3StoreConfig(config)
  const client = createS3Client(resolved)
  const md5Client = useContentMd5(createS3Client(resolved))
  const context: S3Context = { client, config: resolved, logger: silentLogger, knownBuckets: new Set() }
  return {
    region: resolved.region,
    call: (target, run) =>
      callS3(context, target, undefined, () =>
        run(client).catch((error: unknown) => {
          if (isChecksumRefused(error)) return run(md5Client)
          throw error
        }),
      ),
    close() {
      client.destroy()
      md5Client.destroy()
    },
  }
}
