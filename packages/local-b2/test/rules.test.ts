import { join } from 'node:path'
import {
  CreateMultipartUploadCommand,
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLocalB2 } from '../src/index.ts'
import { failureOf, privateBucket, publicBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
beforeAll(async () => {
  context = await startTestStore()
})
afterAll(() => context[Symbol.asyncDispose]())

const dayMs = 24 * 60 * 60 * 1000
const rule = {
  AllowedOrigins: ['https://app.example', 'https://*.preview.example'],
  AllowedMethods: ['GET', 'PUT', 'HEAD'],
  AllowedHeaders: ['content-type', 'x-amz-*'],
  ExposeHeaders: ['ETag', 'x-amz-version-id'],
  MaxAgeSeconds: 3600,
}
const setCors = (Bucket: string, CORSRules: object[]) =>
  context.client.send(
    new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: CORSRules as (typeof rule)[] } }),
  )

function preflight(origin: string, method: string, headers?: string) {
  return fetch(`${context.store.url}/${publicBucket}/any`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers !== undefined && { 'access-control-request-headers': headers }),
    },
  })
}

test('denies every preflight without rules, and answers them by exact rules', async () => {
  const { client } = context
  expect((await preflight('https://app.example', 'PUT')).status).toBe(403)
  expect(await failureOf(client.send(new GetBucketCorsCommand({ Bucket: publicBucket })))).toBe(
    '404 NoSuchCORSConfiguration',
  )
  await setCors(publicBucket, [rule])
  expect((await client.send(new GetBucketCorsCommand({ Bucket: publicBucket }))).CORSRules).toEqual([rule])

  const granted = await preflight('https://app.example', 'PUT', 'Content-Type, x-amz-meta-a')
  expect(granted.status).toBe(200)
  expect(Object.fromEntries(granted.headers)).toMatchObject({
    'access-control-allow-origin': 'https://app.example',
    'access-control-allow-methods': 'GET, PUT, HEAD',
    'access-control-allow-headers': 'Content-Type, x-amz-meta-a',
    'access-control-expose-headers': 'ETag, x-amz-version-id',
    'access-control-max-age': '3600',
  })
  expect((await preflight('https://pr-1.preview.example', 'GET')).status).toBe(200)
  expect((await preflight('https://evil.example', 'PUT')).status).toBe(403)
  expect((await preflight('https://app.example', 'DELETE')).status).toBe(403)
  expect((await preflight('https://app.example', 'PUT', 'authorization')).status).toBe(403)

  await client.send(new PutObjectCommand({ Bucket: publicBucket, Key: 'any', Body: 'x' }))
  const url = `${context.store.url}/${publicBucket}/any`
  const actual = await fetch(url, { headers: { origin: 'https://app.example' } })
  expect(actual.headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect(actual.headers.get('access-control-expose-headers')).toBe('ETag, x-amz-version-id')
  const stranger = await fetch(url, { headers: { origin: 'https://evil.example' } })
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull()

  await client.send(new DeleteBucketCorsCommand({ Bucket: publicBucket }))
  expect((await preflight('https://app.example', 'PUT')).status).toBe(403)
})

test('lets pages of the origins that it is started with upload, and keeps rules that a bucket has', async () => {
  const dataDir = join(context.dataDir, 'with-origins')
  const buckets = [{ name: publicBucket, access: 'public' as const }]
  const asks = async (url: string, origin: string) => {
    const headers = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type', origin }
    return (await fetch(`${url}/${publicBucket}/any`, { method: 'OPTIONS', headers })).status
  }
  const first = await startLocalB2({ dataDir, buckets, corsOrigins: ['https://app.example'] })
  expect(await asks(first.url, 'https://app.example')).toBe(200)
  expect(await asks(first.url, 'https://evil.example')).toBe(403)
  await first.close()
  const second = await startLocalB2({ dataDir, buckets, corsOrigins: ['*'] })
  expect(await asks(second.url, 'https://evil.example')).toBe(403)
  await second.close()
})

test.each([
  ['an empty origin', [{ ...rule, AllowedOrigins: [''] }]],
  ['no origin', [{ ...rule, AllowedOrigins: [] }]],
  ['an unknown method', [{ ...rule, AllowedMethods: ['PATCH'] }]],
  ['a maximum age over a day', [{ ...rule, MaxAgeSeconds: 86_401 }]],
  ['two wildcards', [{ ...rule, AllowedOrigins: ['https://*.*'] }]],
  ['a rule of 1000 bytes', [{ ...rule, ExposeHeaders: ['x'.repeat(1000)] }]],
  ['over 100 rules', Array.from({ length: 101 }, () => rule)],
])('refuses CORS rules with %s', async (_name, rules) => {
  expect(await failureOf(setCors(privateBucket, rules))).toMatch(/^400/)
})

test('keeps lifecycle rules and runs them when told to', async () => {
  const { client, store } = context
  const Bucket = privateBucket
  expect(await failureOf(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
    '404 NoSuchLifecycleConfiguration',
  )
  const Rules = [
    {
      ID: 'uploads',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'uploads/' },
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ]
  const put = (rules: object[]) =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules as typeof Rules } }),
    )
  expect(await failureOf(put([{ ...Rules[0], Expiration: { Days: 0 } }]))).toBe('400 InvalidArgument')
  await put(Rules)
  const read = () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
  const { Rules: answered = [] } = await read()
  const common = { ID: expect.any(String), Status: 'Enabled', Filter: { Prefix: 'uploads/' } }
  expect(answered).toEqual([
    { ...common, Expiration: { Days: 30 } },
    { ...common, Expiration: { ExpiredObjectDeleteMarker: true } },
    { ...common, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    { ...common, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  ])
  expect((await read()).Rules?.map(({ ID }) => ID)).not.toContain(answered[0]?.ID)
  await put(answered)
  expect((await read()).Rules).toHaveLength(4)

  for (const Key of ['uploads/twice', 'uploads/twice', 'originals/safe']) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
  }
  await client.send(new PutObjectCommand({ Bucket, Key: 'uploads/gone', Body: 'x' }))
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'uploads/gone' }))
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'uploads/open' }))
  const now = Date.now()
  expect(await store.applyLifecycle(new Date(now))).toEqual({ hidden: 0, deleted: 0, abortedUploads: 0 })
  // The old version, what was under the marker, and then the marker itself.
  expect(await store.applyLifecycle(new Date(now + 2 * dayMs))).toEqual({ hidden: 0, deleted: 3, abortedUploads: 0 })
  expect(await store.applyLifecycle(new Date(now + 31 * dayMs))).toEqual({ hidden: 1, deleted: 0, abortedUploads: 1 })
  expect(await store.applyLifecycle(new Date(now + 33 * dayMs))).toEqual({ hidden: 0, deleted: 2, abortedUploads: 0 })
  const left = await client.send(new ListObjectVersionsCommand({ Bucket }))
  expect(left.Versions?.map(({ Key }) => Key)).toEqual(['originals/safe'])
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined()
  await client.send(new DeleteBucketLifecycleCommand({ Bucket }))
  expect(await failureOf(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toMatch(/^404/)
})
