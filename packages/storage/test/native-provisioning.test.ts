import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { ApplicationKey, LocalB2 } from '@darkroom/local-b2'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createProvisioningClient,
  noSecrets,
  type ProvisionInput,
  type ProvisionPart,
  withProvisionPlan,
} from '../src/index.ts'
import { createNativeClient, type NativeClient } from '../src/native/native-client.ts'
import { NativeBucket, NativeBuckets, NativeEventRules, NativeKeys } from '../src/native/native-shapes.ts'
import { PART_CAPABILITIES, PROVISION_PARTS } from '../src/provisioning/plan-provision.ts'
import { DOCUMENTED, DOCUMENTED_ERROR } from './documented-native-shapes.ts'
import { startTestB2, storeConfig } from './local-store.ts'

const privateBucket = 'media-private'
const publicBucket = 'media-public'
const secret = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'
const owner: ApplicationKey = { keyId: 'owner', applicationKey: 'ownersecret' }
const setupCapabilities = [...new Set(PROVISION_PARTS.flatMap(part => PART_CAPABILITIES[part]))]
const weak: ApplicationKey = {
  keyId: 'weak',
  applicationKey: 'weaksecret',
  capabilities: ['listBuckets', 'writeBuckets'],
}
const limited: ApplicationKey = {
  keyId: 'limited',
  applicationKey: 'limitedsecret',
  capabilities: ['listBuckets', 'writeBuckets'],
  buckets: ['elsewhere'],
}
const setup = {
  keyId: 'setup',
  applicationKey: 'setupsecret',
  capabilities: setupCapabilities,
} as ApplicationKey

/** Everything that was said, with what it broke of the documentation. */
const said: string[] = []
const undocumented: string[] = []

/** Sends requests, and compares both sides with the documented shapes. */
async function checkedFetch(...[url, request]: Parameters<typeof fetch>): Promise<Response> {
  const address = new URL(String(url))
  const response = await fetch(url, request)
  const operation = /^\/b2api\/v4\/(\w+)$/.exec(address.pathname)?.[1] ?? address.pathname
  const shapes = DOCUMENTED[operation]
  const method = request?.method ?? 'GET'
  const sent = method === 'GET' ? Object.fromEntries(address.searchParams) : JSON.parse(String(request?.body))
  const answered: unknown = await response.clone().json()
  said.push(operation)
  if (!shapes || shapes.method !== method) undocumented.push(`${method} ${operation}`)
  const answer = response.ok ? shapes?.answer : DOCUMENTED_ERROR
  for (const [side, shape, value] of [
    ['request', shapes?.request, sent],
    ['answer', answer, answered],
  ] as const) {
    const wrong = shape?.safeParse(value).error
    if (wrong) undocumented.push(`${side} of ${operation}: ${wrong.message}`)
  }
  return response
}

let server: LocalB2
let owned: NativeClient

beforeAll(async () => {
  server = await startTestB2({ keys: [owner, setup, weak, limited], buckets: [] })
  owned = createNativeClient({ url: server.url, ...owner })
})
afterAll(() => server.close())
afterEach(() => {
  server.faults.clear()
  expect(undocumented.splice(0)).toEqual([])
})

function inputFor(changed: Partial<ProvisionInput> = {}, key: ApplicationKey = setup): ProvisionInput {
  return {
    settings: {
      store: { ...storeConfig(server.url), keyId: key.keyId, applicationKey: key.applicationKey },
      privateBucket,
      publicBucket,
      cdnBaseUrl: null,
      nativeApiUrl: server.url,
    },
    parts: PROVISION_PARTS,
    origins: ['https://app.example.com'],
    hiddenDays: 30,
    events: { url: 'https://api.example.com/v1/hooks/b2', secret },
    replace: false,
    renewKeys: false,
    ...changed,
  }
}

const plan = (changed?: Partial<ProvisionInput>, key?: ApplicationKey) =>
  withProvisionPlan(inputFor(changed, key), async ({ planned, kept }) => ({ planned, kept }), checkedFetch)
const apply = (changed?: Partial<ProvisionInput>) =>
  withProvisionPlan(inputFor(changed), each => each.apply(), checkedFetch)

async function bucketOf(name: string) {
  const { accountId } = await owned.account()
  const body = { accountId, bucketName: name }
  const { buckets } = await owned.call({ operation: 'b2_list_buckets', bucket: name, body, answer: NativeBuckets })
  const [bucket] = buckets
  if (!bucket) throw new Error(`there is no bucket ${name}`)
  return bucket
}

async function changeBucket(name: string, changes: object) {
  const { bucketId } = await bucketOf(name)
  const { accountId } = await owned.account()
  const body = { accountId, bucketId, ...changes }
  await owned.call({ operation: 'b2_update_bucket', bucket: name, body, answer: NativeBucket })
}

describe('provisioning by the native API of B2', () => {
  it('plans everything that an empty account lacks, and changes nothing', async () => {
    const { planned, kept } = await plan()
    const lines = planned.map(({ part, target, is }) => `${part} ${target}: ${is}`)
    expect(new Set(lines)).toEqual(
      new Set([
        'buckets media-private: does not exist',
        'buckets media-public: does not exist',
        'cors media-private: no rule',
        'cors media-public: no rule',
        'lifecycle media-private: no rule for that',
        'lifecycle media-public: no rule for that',
        'encryption media-private: not known',
        'encryption media-public: not known',
        'events media-private: no rule',
        'keys darkroom-api: no key',
        'keys darkroom-worker: no key',
      ]),
    )
    expect(kept).toEqual([])
    await expect(bucketOf(privateBucket)).rejects.toThrow('there is no bucket')
  })

  it('sets it once in documented words, prints secrets once, and then has nothing to do', async () => {
    const { keys, eventSecret } = await apply()
    expect(keys.map(({ name }) => name)).toEqual(['darkroom-api', 'darkroom-worker'])
    expect(eventSecret).toBeNull()
    expect(await plan()).toEqual({ planned: [], kept: [] })
    expect(new Set(said)).toEqual(new Set(Object.keys(DOCUMENTED)))
  })

  it('has made the buckets private and public, encrypted, with rules for uploads and for parts', async () => {
    expect(await bucketOf(privateBucket)).toMatchObject({
      bucketType: 'allPrivate',
      defaultServerSideEncryption: { value: { mode: 'SSE-B2', algorithm: 'AES256' } },
      corsRules: [{ corsRuleName: 'darkroom-cors-1', allowedOperations: ['s3_get', 's3_head', 's3_put'] }],
      lifecycleRules: [
        {
          fileNamePrefix: 'uploads/',
          daysFromUploadingToHiding: 30,
          daysFromHidingToDeleting: 30,
          daysFromStartingToCancelingUnfinishedLargeFiles: 7,
        },
        { fileNamePrefix: 'originals/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 30 },
        { fileNamePrefix: 'variants/', daysFromStartingToCancelingUnfinishedLargeFiles: 7 },
        { fileNamePrefix: 'backups/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 30 },
      ],
    })
    expect(await bucketOf(publicBucket)).toMatchObject({
      bucketType: 'allPublic',
      lifecycleRules: [{ fileNamePrefix: 'variants/', daysFromStartingToCancelingUnfinishedLargeFiles: 7 }],
    })
  })

  it('makes keys that may do just what their process does', async () => {
    const { keys } = await apply({ parts: ['keys'], renewKeys: true })
    const [api, worker] = keys.map(({ keyId, applicationKey }) =>
      createProvisioningClient({ ...storeConfig(server.url), keyId, applicationKey, maxAttempts: 1 }),
    )
    const put = (client: typeof api, Bucket: string) =>
      client?.call({ operation: 'PutObject', bucket: Bucket, key: 'a' }, s3 =>
        s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' })),
      )
    const get = (client: typeof api, Bucket: string) =>
      client?.call({ operation: 'GetObject', bucket: Bucket, key: 'a' }, s3 =>
        s3.send(new GetObjectCommand({ Bucket, Key: 'a' })),
      )
    await put(api, privateBucket)
    await put(worker, publicBucket)
    await get(worker, privateBucket)
    await expect(put(api, publicBucket)).rejects.toMatchObject({ code: 'STORE_CREDENTIALS' })
    for (const client of [api, worker]) client?.close()
    expect((await plan({ parts: ['keys'] })).kept).toHaveLength(2)
  })

  it('sends the events of uploads by the rule, signed with its secret', async () => {
    await apply({ parts: ['events'], events: { url: 'https://other.example/v1/hooks/b2', secret: null } })
    const { bucketId } = await bucketOf(privateBucket)
    const rules = await owned.call({
      operation: 'b2_get_bucket_notification_rules',
      bucket: privateBucket,
      method: 'GET',
      body: { bucketId },
      answer: NativeEventRules,
    })
    expect(rules.eventNotificationRules).toMatchObject([
      {
        name: 'darkroom-uploads',
        objectNamePrefix: 'uploads/',
        eventTypes: ['b2:ObjectCreated:Upload', 'b2:ObjectCreated:MultipartUpload'],
        targetConfiguration: { url: 'https://other.example/v1/hooks/b2', hmacSha256SigningSecret: secret },
      },
    ])
    await apply()
  })

  it('says when the secret of the rule is another one, without printing either', async () => {
    const other = { url: 'https://api.example.com/v1/hooks/b2', secret: 'a'.repeat(32) }
    const { planned } = await plan({ events: other })
    expect(planned).toMatchObject([{ part: 'events', is: 'signed with another secret' }])
    expect(JSON.stringify(planned)).not.toMatch(/aaaa|3XDf/)
  })

  it('keeps rules of others in the bucket, and leaves an event rule alone whose prefix overlaps', async () => {
    const before = await bucketOf(privateBucket)
    const theirs = {
      corsRuleName: 'their-rule',
      allowedOrigins: ['*'],
      allowedOperations: ['b2_upload_file'],
      maxAgeSeconds: 9,
    }
    await changeBucket(privateBucket, {
      corsRules: [theirs],
      lifecycleRules: [{ fileNamePrefix: 'uploads/', daysFromUploadingToHiding: 3 }],
      bucketInfo: { team: 'media' },
    })
    const rule = {
      name: 'their-events',
      eventTypes: ['b2:ObjectCreated:*'],
      isEnabled: true,
      objectNamePrefix: '',
      targetConfiguration: { targetType: 'webhook', url: 'https://their.example/' },
    }
    const body = { bucketId: before.bucketId, eventNotificationRules: [rule] }
    await owned.call({
      operation: 'b2_set_bucket_notification_rules',
      bucket: privateBucket,
      body,
      answer: NativeEventRules,
    })

    const { kept } = await plan()
    expect(kept.map(({ part, why }) => `${part}: ${why}`)).toEqual([
      'cors: rule of others (their-rule)',
      'lifecycle: instead of "uploads/: hidden after 30 days"; --replace changes it',
      'events: rule of others',
      'events: B2 allows one rule for the uploads below uploads/; remove "their-events" and run this again',
      ...kept.filter(({ part }) => part === 'keys').map(({ why }) => `keys: ${why}`),
    ])
    await apply()
    expect(await bucketOf(privateBucket)).toMatchObject({
      bucketInfo: { team: 'media' },
      corsRules: [theirs, { corsRuleName: 'darkroom-cors-1' }],
      lifecycleRules: [
        { fileNamePrefix: 'uploads/', daysFromUploadingToHiding: 3, daysFromHidingToDeleting: 30 },
        { fileNamePrefix: 'originals/' },
        { fileNamePrefix: 'variants/' },
        { fileNamePrefix: 'backups/' },
      ],
    })
    await apply({ replace: true })
    expect((await bucketOf(privateBucket)).lifecycleRules[0]).toMatchObject({ daysFromUploadingToHiding: 30 })
    expect((await plan()).planned).toEqual([])
  })

  it('gives backups a private bucket of their own, which no page reaches and workers do', async () => {
    const { planned } = await plan({ backupBucket: 'media-backups' })
    expect(planned.map(({ part, target, will }) => [part, target, will])).toEqual([
      ['buckets', 'media-backups', 'private'],
      [
        'lifecycle',
        'media-backups',
        'backups/: hidden versions deleted after 30 days, unfinished multipart uploads cancelled after 7 days',
      ],
      ['encryption', 'media-backups', 'SSE-B2 for new objects'],
      ['keys', 'darkroom-worker', expect.stringContaining('in media-private, media-public, media-backups')],
    ])
  })

  it('makes a secret for the event rule when there is none', async () => {
    const { bucketId } = await bucketOf(privateBucket)
    const body = { bucketId, eventNotificationRules: [] }
    await owned.call({
      operation: 'b2_set_bucket_notification_rules',
      bucket: privateBucket,
      body,
      answer: NativeEventRules,
    })
    const events = { url: 'https://api.example.com/v1/hooks/b2', secret: null }
    const { eventSecret } = await apply({ parts: ['events'], events })
    expect(eventSecret).toMatch(/^[A-Za-z0-9]{32}$/)
    expect((await plan({ events })).planned).toEqual([])
  })

  it.each<[string, ApplicationKey, readonly ProvisionPart[], RegExp]>([
    [
      'lacks capabilities',
      weak,
      ['cors', 'encryption', 'keys'],
      /encryption needs readBucketEncryption, writeBucketEncryption; keys needs listKeys, writeKeys\./,
    ],
    ['is limited to other buckets', limited, ['cors'], /limited to other buckets than media-private, media-public/],
    ['has a wrong secret', { ...setup, applicationKey: 'wrong' }, ['cors'], /b2_authorize_account.*401 bad_auth_token/],
  ])('refuses a key that %s, and says so', async (_name, key, parts, message) => {
    await expect(plan({ parts }, key)).rejects.toMatchObject({
      code: 'STORE_CREDENTIALS',
      message: expect.stringMatching(message),
    })
  })

  it('asks again when B2 is busy, and gives up on what a person must change', async () => {
    server.faults.set({ match: { operation: 'b2_list_buckets' }, kind: 'slow-down', times: 2, retryAfterSec: 0 })
    expect((await plan({ parts: ['cors'] })).planned).toEqual([])
    server.faults.set({ match: { operation: 'b2_list_buckets' }, kind: 'cap-exceeded' })
    await expect(plan({ parts: ['cors'] })).rejects.toMatchObject({ code: 'STORE_CAP_EXCEEDED' })
  })

  it('finishes when the answer to a creation was lost, and says when the name is another account’s', async () => {
    const settings = { ...inputFor().settings, privateBucket: 'lost-answer', publicBucket: null }
    const input: Partial<ProvisionInput> = { settings, parts: ['buckets'] }
    server.faults.set({ match: { operation: 'b2_create_bucket' }, kind: 'lost-response', times: 1 })
    await apply(input)
    expect((await plan(input)).planned).toEqual([])

    const taken = inputFor({ ...input, settings: { ...settings, privateBucket: 'taken-name' } })
    const refusal = { status: 400, code: 'duplicate_bucket_name', message: 'Bucket name is already in use.' }
    const applied = withProvisionPlan(
      taken,
      each => each.apply(),
      async (url, request) =>
        String(url).endsWith('b2_create_bucket') ? Response.json(refusal, { status: 400 }) : fetch(url, request),
    )
    await expect(applied).rejects.toThrow('Another account of B2 has a bucket taken-name.')
  })

  it('hands over the secrets that were made before a failure', async () => {
    const result = noSecrets()
    const refusal = { status: 403, code: 'cap_exceeded', message: 'No more keys.' }
    let creations = 0
    const applied = withProvisionPlan(
      inputFor({ parts: ['keys'], renewKeys: true }),
      each => each.apply(result),
      async (url, request) =>
        String(url).endsWith('b2_create_key') && ++creations > 1
          ? Response.json(refusal, { status: 403 })
          : fetch(url, request),
    )
    await expect(applied).rejects.toMatchObject({ code: 'STORE_CAP_EXCEEDED' })
    expect(result.keys).toMatchObject([{ name: 'darkroom-api', applicationKey: expect.stringMatching(/./) }])
  })

  it('authorizes again when its token has ended', async () => {
    let refusals = 1
    const client = createNativeClient({
      url: server.url,
      ...owner,
      async fetch(url, request) {
        const isFirst = String(url).endsWith('b2_list_keys') && refusals-- > 0
        const token = isFirst ? { ...request?.headers, authorization: 'ended' } : request?.headers
        return fetch(url, { ...request, ...(token && { headers: token }) })
      },
    })
    const { accountId } = await client.account()
    const answer = await client.call({ operation: 'b2_list_keys', bucket: '', body: { accountId }, answer: NativeKeys })
    expect(answer.keys.length).toBeGreaterThan(0)
    expect(refusals).toBe(-1)
  })
})
