import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteBucketEncryptionCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signEvent } from '../src/events/event-delivery.ts'
import { type Capability, startLocalB2 } from '../src/index.ts'
import { failureOf, makeClient, privateBucket, publicBucket, startTestStore, type TestStore } from './start-store.ts'

const secret = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'

interface Account {
  call(operation: string, body?: object): Promise<{ status: number; body: Record<string, never> & Answer }>
  bucket(name: string): Promise<Answer>
}
interface Answer {
  code?: string
  message?: string
  bucketId?: string
  revision?: number
  applicationKeyId?: string
  applicationKey?: string
  keys?: Answer[]
  buckets?: Answer[]
  nextApplicationKeyId?: string | null
}

/** Authorizes, and returns how to call the native API with plain HTTP. */
async function authorize(url: string, keyId = 'localkey', applicationKey = 'localsecret'): Promise<Account> {
  const basic = `Basic ${Buffer.from(`${keyId}:${applicationKey}`).toString('base64')}`
  const answer = await fetch(`${url}/b2api/v4/b2_authorize_account`, { headers: { authorization: basic } })
  const { accountId, authorizationToken, apiInfo } = await answer.json()
  const call: Account['call'] = async (operation, body = {}) => {
    const response = await fetch(`${apiInfo.storageApi.apiUrl}/b2api/v4/${operation}`, {
      method: 'POST',
      headers: { authorization: authorizationToken },
      body: JSON.stringify({ accountId, ...body }),
    })
    return { status: response.status, body: await response.json() }
  }
  return {
    call,
    async bucket(bucketName) {
      const [bucket] = (await call('b2_list_buckets', { bucketName })).body.buckets ?? []
      if (!bucket) throw new Error(`there is no bucket ${bucketName}`)
      return bucket
    },
  }
}

describe('the native API', () => {
  let context: TestStore
  let account: Account
  beforeAll(async () => {
    context = await startTestStore()
    account = await authorize(context.store.url)
  })
  afterAll(() => context[Symbol.asyncDispose]())

  /** Calls that ask for the id of a bucket take no account's id. */
  async function setRules(eventNotificationRules: object[]) {
    const { bucketId } = await account.bucket(privateBucket)
    return account.call('b2_set_bucket_notification_rules', { accountId: undefined, bucketId, eventNotificationRules })
  }

  const target = { targetType: 'webhook', url: 'https://api.example/hook', hmacSha256SigningSecret: secret }
  const rule = {
    eventTypes: ['b2:ObjectCreated:*'],
    isEnabled: true,
    objectNamePrefix: 'a/',
    targetConfiguration: target,
  }
  const corsRule = {
    corsRuleName: 'some-rule',
    allowedOrigins: ['https://app.example'],
    allowedOperations: ['s3_put', 'b2_upload_file'],
    maxAgeSeconds: 60,
  }

  test.each<[string, object, RegExp]>([
    ['a parameter that it does not know', { corsRule: [] }, /corsRule/],
    ['a lifecycle rule without an action', { lifecycleRules: [{ fileNamePrefix: '' }] }, /additional property/],
    [
      'two lifecycle rules for one prefix',
      {
        lifecycleRules: [
          { fileNamePrefix: 'a', daysFromHidingToDeleting: 1 },
          { fileNamePrefix: 'a', daysFromUploadingToHiding: 1 },
        ],
      },
      /one rule/,
    ],
    ['no days', { lifecycleRules: [{ fileNamePrefix: '', daysFromHidingToDeleting: 0 }] }, /lifecycleRules/],
    ['a short name of a CORS rule', { corsRules: [{ ...corsRule, corsRuleName: 'cors' }] }, /corsRuleName/],
    ['an unknown operation', { corsRules: [{ ...corsRule, allowedOperations: ['s3_patch'] }] }, /allowedOperations/],
    ['two CORS rules of one name', { corsRules: [corsRule, corsRule] }, /names must differ/],
    ['SSE-B2 without its algorithm', { defaultServerSideEncryption: { mode: 'SSE-B2' } }, /AES256/],
  ])('refuses %s', async (_name, changes, message) => {
    const { bucketId } = await account.bucket(privateBucket)
    const { status, body } = await account.call('b2_update_bucket', { bucketId, ...changes })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad_request' })
    expect(body.message).toMatch(message)
  })

  test.each<[string, object[]]>([
    [
      'plain HTTP to another machine',
      [{ ...rule, name: 'rule-1', targetConfiguration: { ...target, url: 'http://api.example/' } }],
    ],
    [
      'a secret that is too short',
      [{ ...rule, name: 'rule-1', targetConfiguration: { ...target, hmacSha256SigningSecret: 'x' } }],
    ],
    [
      'overlapping prefixes for one event',
      [
        { ...rule, name: 'rule-1' },
        { ...rule, name: 'rule-2', objectNamePrefix: '', eventTypes: ['b2:ObjectCreated:Copy'] },
      ],
    ],
    ['what only the store sets', [{ ...rule, name: 'rule-1', isSuspended: false }]],
  ])('refuses an event rule with %s', async (_name, rules) => {
    expect(await setRules(rules)).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  test('changes a bucket only at the revision that was read', async () => {
    const { bucketId, revision = 0 } = await account.bucket(publicBucket)
    const change = { bucketId, bucketInfo: { team: 'media' }, ifRevisionIs: revision }
    expect(await account.call('b2_update_bucket', change)).toMatchObject({
      status: 200,
      body: { revision: revision + 1, bucketInfo: { team: 'media' }, bucketType: 'allPublic' },
    })
    expect(await account.call('b2_update_bucket', change)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  test('has the same settings as the S3 API', async () => {
    const { client } = context
    const Bucket = privateBucket
    const { bucketId } = await account.bucket(Bucket)
    expect(await failureOf(client.send(new GetBucketEncryptionCommand({ Bucket })))).toMatch(/^404/)
    await account.call('b2_update_bucket', {
      bucketId,
      corsRules: [corsRule],
      lifecycleRules: [{ fileNamePrefix: 'tmp/', daysFromUploadingToHiding: 3, daysFromHidingToDeleting: null }],
      defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
    })
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }))
    expect(CORSRules).toMatchObject([{ ID: 'some-rule', AllowedMethods: ['PUT'], MaxAgeSeconds: 60 }])
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    expect(Rules.map(({ Expiration }) => Expiration)).toEqual([{ Days: 3 }, { ExpiredObjectDeleteMarker: true }])
    const { ServerSideEncryptionConfiguration: encryption } = await client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    )
    expect(encryption?.Rules).toMatchObject([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }])

    await client.send(new DeleteBucketEncryptionCommand({ Bucket }))
    expect(await account.bucket(Bucket)).toMatchObject({ defaultServerSideEncryption: { value: { mode: null } } })
    const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }
    const command = { Bucket, ServerSideEncryptionConfiguration: { Rules: [byDefault] } }
    await client.send(new PutBucketEncryptionCommand(command))
    expect(await account.bucket(Bucket)).toMatchObject({ defaultServerSideEncryption: { value: { mode: 'SSE-B2' } } })
  })

  test('creates and deletes buckets, none twice and none with files', async () => {
    const made = await account.call('b2_create_bucket', { bucketName: 'made-natively', bucketType: 'allPrivate' })
    expect(made).toMatchObject({ status: 200, body: { bucketName: 'made-natively', revision: 1 } })
    const again = await account.call('b2_create_bucket', { bucketName: 'made-natively', bucketType: 'allPublic' })
    expect(again).toMatchObject({ status: 400, body: { code: 'duplicate_bucket_name' } })
    await context.client.send(new PutObjectCommand({ Bucket: 'made-natively', Key: 'a', Body: 'a' }))
    const { bucketId } = made.body
    const full = await account.call('b2_delete_bucket', { bucketId })
    expect(full).toMatchObject({ status: 400, body: { code: 'cannot_delete_non_empty_bucket' } })
    expect(await account.call('b2_delete_bucket', { bucketId: 'absent' })).toMatchObject({
      body: { code: 'bad_bucket_id' },
    })
  })

  test('pages keys, limits them to buckets, and takes one that was deleted no more', async () => {
    const { bucketId = '' } = await account.bucket(privateBucket)
    const make = (keyName: string) =>
      account.call('b2_create_key', { keyName, capabilities: ['listBuckets', 'writeFiles'], bucketIds: [bucketId] })
    const { applicationKeyId = '', applicationKey = '' } = (await make('one')).body
    await make('two')
    const first = (await account.call('b2_list_keys', { maxKeyCount: 1 })).body
    const second = (await account.call('b2_list_keys', { startApplicationKeyId: first.nextApplicationKeyId })).body
    expect([...(first.keys ?? []), ...(second.keys ?? [])]).toHaveLength(2)
    expect(second.nextApplicationKeyId).toBeNull()

    const limited = await authorize(context.store.url, applicationKeyId, applicationKey)
    expect(await limited.bucket(privateBucket)).toMatchObject({
      bucketId,
      defaultServerSideEncryption: { isClientAuthorizedToRead: false, value: null },
    })
    for (const [operation, body] of [
      ['b2_list_buckets', {}],
      ['b2_list_buckets', { bucketName: publicBucket }],
      ['b2_update_bucket', { bucketId }],
      ['b2_list_keys', {}],
    ] as const)
      expect(await limited.call(operation, body)).toMatchObject({ status: 401, body: { code: 'unauthorized' } })

    await account.call('b2_delete_key', { accountId: undefined, applicationKeyId })
    expect(await limited.call('b2_list_buckets', { bucketName: privateBucket })).toMatchObject({
      status: 401,
      body: { code: 'bad_auth_token' },
    })
  })
})

test('keeps keys and event rules over a restart, and sends events by those rules', async () => {
  const received: { body: string; signature: string | undefined }[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    received.push({ body, signature: request.headers['x-bz-event-notification-signature']?.toString() })
    response.end()
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const dataDir = await mkdtemp(join(tmpdir(), 'local-b2-'))
  const options = { dataDir, buckets: [{ name: privateBucket, access: 'private' as const }] }

  const before = await startLocalB2(options)
  const account = await authorize(before.url)
  const { bucketId } = await account.bucket(privateBucket)
  const capabilities: Capability[] = ['writeFiles']
  const { body: key } = await account.call('b2_create_key', { keyName: 'writer', capabilities, bucketIds: [bucketId] })
  const targetConfiguration = {
    targetType: 'webhook',
    url: `http://127.0.0.1:${port}/`,
    hmacSha256SigningSecret: secret,
  }
  const rule = {
    name: 'rule-1',
    eventTypes: ['b2:ObjectCreated:*'],
    isEnabled: true,
    objectNamePrefix: 'uploads/',
    targetConfiguration,
  }
  const rules = { accountId: undefined, bucketId, eventNotificationRules: [rule] }
  expect(await account.call('b2_set_bucket_notification_rules', rules)).toMatchObject({ status: 200 })
  await before.close()

  const after = await startLocalB2(options)
  const client = makeClient(after.url, {
    credentials: { accessKeyId: key.applicationKeyId ?? '', secretAccessKey: key.applicationKey ?? '' },
  })
  for (const Key of ['originals/a', 'uploads/a']) {
    await client.send(new PutObjectCommand({ Bucket: privateBucket, Key, Body: 'a' }))
  }
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1)
  const [event] = received
  expect(JSON.parse(event?.body ?? '').events).toMatchObject([{ objectName: 'uploads/a', matchedRuleName: 'rule-1' }])
  expect(event?.signature).toBe(signEvent(event?.body ?? '', secret))
  client.destroy()
  await after.close()
  receiver.closeAllConnections()
  receiver.close()
  await rm(dataDir, { recursive: true, force: true })
})
