import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from './harness.ts'

let b2: LocalB2
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darkroom-provision-'))
  b2 = await startLocalB2({
    dataDir,
    keys: [
      { keyId: 'setup', applicationKey: 'setupsecret' },
      { keyId: 'weak', applicationKey: 'weaksecret', capabilities: ['listBuckets', 'writeBuckets'] },
    ],
  })
})
afterAll(async () => {
  await b2.close()
  await rm(dataDir, { recursive: true, force: true })
})

const provision = (args: string[], env: Record<string, string> = {}) =>
  runCommand(['provision', ...args], {
    B2_KEY_ID: 'setup',
    B2_APPLICATION_KEY: 'setupsecret',
    B2_BUCKET_NAME: 'media-private',
    B2_PUBLIC_BUCKET_NAME: 'media-public',
    B2_REGION: 'local-000',
    B2_ENDPOINT: b2.url,
    B2_NATIVE_API_URL: b2.url,
    PUBLIC_URL: 'https://media.example.com',
    CORS_ORIGINS: 'https://app.example.com',
    ...env,
  })

test('plans, sets up an empty account, prints secrets once, and then has nothing to change', async () => {
  const all = ['buckets', 'cors', 'lifecycle', 'encryption', 'events', 'keys']
  const planned = await provision(all)
  expect(planned).toMatchObject({ code: 0, err: '' })
  expect(planned.out).toMatch(
    /^\d+ changes, by the native API of B2\.\n\nmedia-private\n {2}buckets: does not exist\n {4}→ private/,
  )
  expect(planned.out).toContain('https://media.example.com, https://app.example.com may s3_get, s3_head, s3_put')
  expect(planned.out).toContain('to https://media.example.com/v1/hooks/b2')

  const applied = await provision([...all, '--apply'])
  expect(applied).toMatchObject({ code: 0, err: '' })
  const secrets = applied.out.split('\n').filter(line => /^[A-Z0-9_]+=\S+$/.test(line))
  const names = secrets.map(line => line.split('=')[0])
  expect(names).toEqual(['B2_EVENT_SECRET', 'B2_KEY_ID', 'B2_APPLICATION_KEY', 'B2_KEY_ID', 'B2_APPLICATION_KEY'])

  const again = await provision([...all, '--json'])
  expect(JSON.parse(again.out)).toEqual({ api: 'native', planned: [], kept: [], notes: [] })
})

test('says which capability a key lacks, and which parts were not looked at', async () => {
  const weak = { B2_KEY_ID: 'weak', B2_APPLICATION_KEY: 'weaksecret' }
  const refused = await provision([], weak)
  expect(refused.code).toBe(4)
  expect(refused.err).toContain('encryption needs readBucketEncryption, writeBucketEncryption')
  const unknown = await provision(['cors', 'lifecycle'], { ...weak, PUBLIC_URL: '', CORS_ORIGINS: '' })
  expect(unknown).toMatchObject({ code: 0, err: '' })
  expect(unknown.out).toContain('Not looked at\n  cors: no page is known; set PUBLIC_URL and CORS_ORIGINS, or --origin')
})

test('uses the S3 API of a store that has no other', async () => {
  const other = { B2_NATIVE_API_URL: '', B2_BUCKET_NAME: 'other-private', B2_PUBLIC_BUCKET_NAME: '' }
  const applied = await provision(['--apply', '--origin', 'https://page.example'], other)
  expect(applied).toMatchObject({ code: 0, err: '' })
  expect(applied.out).toContain('by the S3 API')
  expect(applied.out).toContain('encryption: not looked at')
  expect((await provision(['--origin', 'https://page.example'], other)).out).toMatch(
    /^Nothing to change, by the S3 API\./,
  )
  expect((await provision(['--origin', 'page.example'], other)).code).toBe(2)
})
