import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { type LocalB2, type LocalB2Options, startLocalB2 } from '../src/index.ts'

export const credentials = { accessKeyId: 'localkey', secretAccessKey: 'localsecret' }
export const privateBucket = 'private-bucket'
export const publicBucket = 'public-bucket'

export function makeClient(url: string, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'local-000',
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...config,
  })
}

export interface TestStore extends AsyncDisposable {
  store: LocalB2
  client: S3Client
  dataDir: string
}

export async function startTestStore(options: Partial<LocalB2Options> = {}): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-b2-'))
  const store = await startLocalB2({
    dataDir,
    buckets: [
      { name: privateBucket, access: 'private' },
      { name: publicBucket, access: 'public' },
    ],
    ...options,
  })
  const client = makeClient(store.url)
  return {
    store,
    client,
    dataDir,
    async [Symbol.asyncDispose]() {
      client.destroy()
      await store.close().finally(() => rm(dataDir, { recursive: true, force: true }))
    },
  }
}

/** Returns name and status of the error with which a call fails. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) {
      const { httpStatusCode } = error.$metadata as { httpStatusCode?: number }
      return `${httpStatusCode} ${error.name}`
    }
    throw error
  }
  return 'no failure'
}

/** Status and S3 error code of a raw answer. */
export async function statusAndCode(response: Response): Promise<string> {
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]
  return code === undefined ? String(response.status) : `${response.status} ${code}`
}
