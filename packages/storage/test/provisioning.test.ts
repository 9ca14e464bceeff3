import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import type { LocalB2 } from '@darkroom/local-b2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  applyBucketPlan,
  corsRules,
  createProvisioningClient,
  createS3BucketAdministration,
  KEY_PREFIXES,
  type ProvisioningClient,
  planBucket,
  UPLOAD_OPERATIONS,
} from '../src/index.ts'
import { lifecycleActions } from '../src/provisioning/lifecycle-actions.ts'
import type { WantedBucket } from '../src/provisioning/plan-bucket.ts'
import { bucket, startTestB2, storeConfig } from './local-store.ts'

describe.each([
  ['a store that takes CRC32', false],
  ['a store that refuses CRC32 and takes Content-MD5', true],
])('provisioning by the S3 API of %s', (_name, refuseChecksumHeaders) => {
  let server: LocalB2
  let client: ProvisioningClient
  const wanted: WantedBucket = {
    name: bucket,
    access: 'private',
    cors: corsRules(['https://app.example.com'], UPLOAD_OPERATIONS),
    lifecycle: lifecycleActions(KEY_PREFIXES, 30),
  }

  beforeAll(async () => {
    server = await startTestB2({ refuseChecksumHeaders })
    client = createProvisioningClient(storeConfig(server.url))
  })
  afterAll(async () => {
    client.close()
    await server.close()
  })

  async function plan(changed: Partial<WantedBucket> = {}, options?: { replace: boolean }) {
    const target = { ...wanted, ...changed }
    return planBucket(await createS3BucketAdministration(client).read(target.name), target, options)
  }
  const apply = async (...asked: Parameters<typeof plan>) =>
    applyBucketPlan(createS3BucketAdministration(client), await plan(...asked))

  const readRules = async () =>
    (
      await client.call({ operation: 'GetBucketLifecycleConfiguration', bucket }, s3 =>
        s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })),
      )
    ).Rules ?? []
  const putRules = (Rules: LifecycleRule[]) =>
    client.call({ operation: 'PutBucketLifecycleConfiguration', bucket }, s3 =>
      s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } })),
    )

  it('plans before it sets, sets once, and then has nothing to do', async () => {
    expect((await plan()).planned.map(({ part }) => part)).toEqual(['cors', 'lifecycle', 'lifecycle', 'lifecycle'])
    await apply()
    expect(await plan()).toMatchObject({ creates: null, changes: {}, planned: [], kept: [] })
  })

  it('gives uploads, originals and variants rules of their own, and no rule to other files', async () => {
    const rules = await readRules()
    expect(rules.map(({ Filter }) => Filter?.Prefix)).not.toContain('')
    expect(rules.filter(({ Expiration }) => Expiration?.Days).map(({ Filter }) => Filter?.Prefix)).toEqual(['uploads/'])
    const aborting = rules.filter(rule => rule.AbortIncompleteMultipartUpload)
    expect(aborting.map(({ Filter }) => Filter?.Prefix)).toEqual(['uploads/', 'originals/', 'variants/'])
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

  it('keeps the CORS rules of others, and says so', async () => {
    const theirs = { ID: 'theirs', AllowedOrigins: ['https://other.example'], AllowedMethods: ['GET'] }
    await client.call({ operation: 'PutBucketCors', bucket }, s3 =>
      s3.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [theirs] } })),
    )
    const { kept } = await plan()
    expect(kept).toMatchObject([
      { part: 'cors', is: 'https://other.example may s3_get', why: 'rule of others (theirs)' },
    ])
    await apply({ cors: corsRules(['https://new.example.com'], UPLOAD_OPERATIONS) })
    const { cors } = (await createS3BucketAdministration(client).read(bucket)) ?? {}
    expect(cors).toMatchObject([{ name: 'theirs' }, { origins: ['https://new.example.com'] }])
    await apply()
  })

  it('keeps lifecycle rules of others, warns of one that ends originals, and replaces only when told to', async () => {
    const status = { Status: 'Enabled' } as const
    await putRules([
      { ...status, ID: 'exports', Filter: { Prefix: 'exports/' }, Expiration: { Days: 3 } },
      { ...status, ID: 'short', Filter: { Prefix: 'uploads/' }, Expiration: { Days: 2 } },
      { ...status, ID: 'all', Filter: { Prefix: '' }, Expiration: { Days: 90 } },
    ])
    expect((await plan()).kept.filter(({ part }) => part === 'lifecycle')).toMatchObject([
      { is: 'exports/: hidden after 3 days', why: 'rule of others' },
      {
        is: 'uploads/: hidden after 2 days',
        why: 'instead of "uploads/: hidden after 30 days"; --replace changes it',
      },
      { is: 'all files: hidden after 90 days', why: expect.stringContaining('must last') },
    ])
    await apply()
    expect(await plan()).toMatchObject({ planned: [] })
    const expirations = async () =>
      (await readRules()).flatMap(({ Filter, Expiration }) =>
        Expiration?.Days ? [[Filter?.Prefix, Expiration.Days]] : [],
      )
    expect(await expirations()).toEqual([
      ['exports/', 3],
      ['uploads/', 2],
      ['', 90],
    ])
    await apply({}, { replace: true })
    expect(await expirations()).toEqual([
      ['exports/', 3],
      ['uploads/', 30],
      ['', 90],
    ])
  })

  it('creates a bucket once, and publishes or closes one only when told to', async () => {
    const name = 'darkroom-new'
    expect(await plan({ name, access: 'public' })).toMatchObject({ creates: 'public' })
    await apply({ name, access: 'public' })
    expect(await plan({ name, access: 'public' })).toMatchObject({ creates: null, planned: [] })
    expect(await plan({ name })).toMatchObject({ changes: {}, kept: [{ part: 'buckets', is: 'public' }] })
    await apply({ name }, { replace: true })
    expect(await plan({ name })).toMatchObject({ planned: [], kept: [] })
  })
})
