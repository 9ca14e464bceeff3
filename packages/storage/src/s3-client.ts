import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { measureRequest } from './measure-request.ts'
import { S3HttpHandler } from './s3-http-handler.ts'
import type { ResolvedS3StoreConfig } from './s3-store-config.ts'

/** Measures each request, in the place of the SDK's retries, after which its signing is hung. Presigning does not come here. */
const INSTEAD_OF_SDK_RETRY = {
  name: 'retryMiddleware',
  step: 'finalizeRequest',
  priority: 'high',
  override: true,
} as const

/**
 * Creates one S3 client. Checksums only where S3 demands them: B2 has refused the others, and a presigned PUT would carry the CRC32
 * of an empty body (docs/b2.md, checksums). Retries are ours (`attempts.ts`): the SDK cannot reopen a file.
 */
export function createS3Client(
  config: ResolvedS3StoreConfig,
  endpoint: string = config.endpoint,
  overrides: Pick<S3ClientConfig, 'signer'> = {},
): S3Client {
  const client = new S3Client({
    endpoint,
    region: config.region,
    credentials: { accessKeyId: config.keyId, secretAccessKey: config.applicationKey },
    forcePathStyle: config.forcePathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    requestHandler: new S3HttpHandler(config),
    ...overrides,
  })
  client.middlewareStack.add(
    (next, { commandName }) =>
      args =>
        measureRequest(commandName, () => next(args)),
    INSTEAD_OF_SDK_RETRY,
  )
  return client
}

/** Creates a client that signs nothing: what it gets, anybody gets. */
export function createAnonymousClient(config: ResolvedS3StoreConfig): S3Client {
  return createS3Client(config, config.endpoint, { signer: { sign: async request => request } })
}
