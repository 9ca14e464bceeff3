import { PutBucketCorsCommand } from '@aws-sdk/client-s3'
import type { LocalB2 } from '@darkroom/local-b2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createBucketIfMissing,
  createProvisioningClient,
  diffCors,
  diffLifecycle,
  type ProvisioningClient,
  provisionCors,
  provisionLifecycle,
} from '../src/index.ts'
import { bucket, startTestB2, storeConfig } from './local-store.ts'

describe.each([
  ['a store that takes CRC32', false],
  ['a store that refuses CRC32 and takes Content-MD5', true],
])('provisioning of %s', (_name, refuseChecksumHeaders) => {
  let server: LocalB2
  let client: ProvisioningClient
  const cors = { bucket, origins: ['https://app.example.com'] }

  beforeAll(async () => {
    server = await startTestB2({ refuseChecksumHeaders })
    client = createProvisioningClient(storeConfig(server.url))
  })
  afterAll(async () => {
    client.close()
    await server.close()
  })

  it('plans before it sets, sets once, and then has nothing to do', async () => {
    expect(await diffCors(client, cors)).toMatchObject({ current: [], changed: true, applied: false })
    expect(await provisionCors(client, cors)).toMatchObject({ changed: true, applied: true })
    expect(await provisionCors(client, cors)).toMatchObject({ changed: false, applied: false })
    expect((await diffCors(client, cors)).current).toMatchObject([
      { ID: 'darkroom-cors-1', AllowedOrigins: cors.origins },
    ])
  })

  it('answers preflights for the origin and no other', async () => {
    const preflight = (origin: string) =>
      fetch(`${server.url}/${bucket}/uploads/x`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
      })
    expect((await preflight('https://app.example.com')).status).toBe(200)
    expect((await preflight('https://evil.example.com')).status).toBe(403)
  })

  it('keeps the CORS rules of others', async () => {
    const theirs = { ID: 'theirs', AllowedOrigins: ['https://other.example'], AllowedMethods: ['GET'] }
    const { current } = await diffCors(client, cors)
    const configuration = { Bucket: bucket, CORSConfiguration: { CORSRules: [...current, theirs] } }
    await client.call({ operation: 'PutBucketCors', bucket }, s3 => s3.send(new PutBucketCorsCommand(configuration)))
    await provisionCors(client, { ...cors, origins: ['https://new.example.com'] })
    const after = (await diffCors(client, cors)).current
    expect(after).toMatchObject([theirs, { AllowedOrigins: ['https://new.example.com'] }])
  })

  it('sets the lifecycle rules once', async () => {
    expect(await diffLifecycle(client, { bucket })).toMatchObject({ current: [], changed: true })
    expect(await provisionLifecycle(client, { bucket })).toMatchObject({ applied: true })
    expect(await provisionLifecycle(client, { bucket })).toMatchObject({ changed: false, applied: false })
    expect(await provisionLifecycle(client, { bucket, uploadDays: 40 })).toMatchObject({ changed: true, applied: true })
  })

  it('creates a bucket once', async () => {
    expect(await createBucketIfMissing(client, { bucket: 'darkroom-new' })).toBe(true)
    expect(await createBucketIfMissing(client, { bucket: 'darkroom-new' })).toBe(false)
  })
})
