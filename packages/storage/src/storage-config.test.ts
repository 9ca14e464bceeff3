import { ConfigError, parseConfig } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { ProvisionConfig, StorageConfig } from './storage-config.ts'

const key = {
  B2_KEY_ID: '0041234567890ab0000000001',
  B2_APPLICATION_KEY: 'K004secretsecret',
  B2_BUCKET_NAME: 'photos-private',
}
const b2 = { ...key, B2_REGION: 'us-west-004' }

function faultsOf(env: Record<string, string>): string[] {
  try {
    parseConfig(StorageConfig, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('StorageConfig', () => {
  it('derives the endpoint from the region', () => {
    expect(parseConfig(StorageConfig, b2)).toEqual({
      store: {
        endpoint: 'https://s3.us-west-004.backblazeb2.com',
        region: 'us-west-004',
        keyId: key.B2_KEY_ID,
        applicationKey: key.B2_APPLICATION_KEY,
      },
      privateBucket: 'photos-private',
      publicBucket: null,
      cdnBaseUrl: null,
      nativeApiUrl: 'https://api.backblazeb2.com',
    })
  })

  it('knows a native API of B2 only, or the one that is named', () => {
    const nativeApiUrl = (env: Record<string, string>) => parseConfig(StorageConfig, { ...key, ...env }).nativeApiUrl
    expect(nativeApiUrl({ B2_ENDPOINT: 'http://minio:9000' })).toBeNull()
    expect(nativeApiUrl({ B2_ENDPOINT: 'http://store:9000', B2_NATIVE_API_URL: 'http://store:9000/' })).toBe(
      'http://store:9000',
    )
  })

  it('lets who sets up buckets use the master key, which the native API takes', () => {
    const master = { ...b2, B2_KEY_ID: '0123456789ab' }
    expect(parseConfig(ProvisionConfig, master).store.keyId).toBe('0123456789ab')
  })

  it.each([
    ['https://s3.eu-central-003.backblazeb2.com', 'https://s3.eu-central-003.backblazeb2.com', 'eu-central-003'],
    ['s3.eu-central-003.backblazeb2.com', 'https://s3.eu-central-003.backblazeb2.com', 'eu-central-003'],
    ['http://minio:9000/', 'http://minio:9000', 'us-east-1'],
    ['https://r2.example.com', 'https://r2.example.com', 'us-east-1'],
  ])('reads the place %s', (B2_ENDPOINT, endpoint, region) => {
    expect(parseConfig(StorageConfig, { ...key, B2_ENDPOINT }).store).toMatchObject({ endpoint, region })
  })

  it('keeps the region given for another S3', () => {
    const env = { ...key, B2_ENDPOINT: 'http://127.0.0.1:9000', B2_REGION: 'local-000' }
    expect(parseConfig(StorageConfig, env).store).toMatchObject({
      endpoint: 'http://127.0.0.1:9000',
      region: 'local-000',
    })
  })

  it('reads a key of the public bucket', () => {
    const env = {
      ...b2,
      B2_PUBLIC_BUCKET_NAME: 'photos-public',
      B2_PUBLIC_KEY_ID: 'other',
      B2_PUBLIC_APPLICATION_KEY: 's',
    }
    expect(parseConfig(StorageConfig, env).store.bucketKeys).toEqual({
      'photos-public': { keyId: 'other', applicationKey: 's' },
    })
  })

  it.each([
    [{ B2_PUBLIC_KEY_ID: 'other', B2_PUBLIC_BUCKET_NAME: 'photos-public' }, 'B2_PUBLIC_APPLICATION_KEY'],
    [{ B2_PUBLIC_APPLICATION_KEY: 's', B2_PUBLIC_BUCKET_NAME: 'photos-public' }, 'B2_PUBLIC_KEY_ID'],
    [{ B2_PUBLIC_KEY_ID: 'other', B2_PUBLIC_APPLICATION_KEY: 's' }, 'B2_PUBLIC_BUCKET_NAME'],
  ])('names what is missing beside %o', (env, variable) => {
    expect(faultsOf({ ...b2, ...env })).toEqual([expect.stringContaining(`${variable}: is missing`)])
  })

  it('reads the optional addresses', () => {
    const env = {
      ...b2,
      B2_PUBLIC_BUCKET_NAME: 'photos-public',
      B2_PUBLIC_ENDPOINT: 'https://files.example.com/',
      B2_DOWNLOAD_ENDPOINT: 'private.example.com',
      CDN_BASE_URL: 'https://cdn.example.com/media/',
    }
    expect(parseConfig(StorageConfig, env)).toMatchObject({
      store: { publicEndpoint: 'https://files.example.com', downloadEndpoint: 'https://private.example.com' },
      publicBucket: 'photos-public',
      cdnBaseUrl: 'https://cdn.example.com/media',
    })
  })

  it.each([
    [
      'a key without a bucket',
      { B2_KEY_ID: 'x', B2_REGION: 'us-west-004' },
      ['B2_APPLICATION_KEY: is missing', 'B2_BUCKET_NAME: is missing'],
    ],
    [
      'nothing at all',
      {},
      ['B2_KEY_ID', 'B2_APPLICATION_KEY', 'B2_BUCKET_NAME', 'B2_REGION: is missing; set B2_REGION'],
    ],
    [
      'two regions',
      { ...key, B2_REGION: 'us-west-004', B2_ENDPOINT: 'https://s3.us-east-005.backblazeb2.com' },
      ['B2_REGION: "us-west-004" disagrees with B2_ENDPOINT, which is in "us-east-005"'],
    ],
    [
      'a bucket in the endpoint',
      { ...key, B2_ENDPOINT: 'https://photos.s3.us-east-005.backblazeb2.com' },
      ['B2_ENDPOINT: expected the S3'],
    ],
    ['the native endpoint', { ...key, B2_ENDPOINT: 'https://api.backblazeb2.com' }, ['B2_ENDPOINT: expected the S3']],
    [
      'B2 without TLS',
      { ...key, B2_ENDPOINT: 'http://s3.us-east-005.backblazeb2.com' },
      ['B2_ENDPOINT: B2 answers https only'],
    ],
    [
      'an endpoint with a path',
      { ...b2, B2_ENDPOINT: 'http://minio:9000/photos' },
      ['B2_ENDPOINT: expected an http(s) address'],
    ],
    ['another protocol', { ...b2, B2_ENDPOINT: 'ftp://minio' }, ['B2_ENDPOINT: expected an http(s) address']],
    [
      'one bucket twice',
      { ...b2, B2_PUBLIC_BUCKET_NAME: 'photos-private' },
      ['B2_PUBLIC_BUCKET_NAME: is the same as B2_BUCKET_NAME'],
    ],
    ['a bucket name that is none', { ...b2, B2_BUCKET_NAME: 'my photos' }, ['B2_BUCKET_NAME: expected a bucket name']],
    ['the master key', { ...b2, B2_KEY_ID: '0123456789ab' }, ['B2_KEY_ID: is the master key']],
    [
      'a secret in the CDN address',
      { ...b2, CDN_BASE_URL: 'https://u:p@cdn' },
      ['CDN_BASE_URL: expected an http(s) address'],
    ],
    ['a signed public endpoint', { ...b2, B2_PUBLIC_ENDPOINT: 'https://x/?a=1' }, ['B2_PUBLIC_ENDPOINT: expected']],
    ['a region that is none', { ...key, B2_REGION: 'US West' }, ['B2_REGION: expected a region']],
  ])('reports %s', (_name, env, expected) => {
    const faults = faultsOf(env)
    expect(faults).toHaveLength(expected.length)
    for (const [index, text] of expected.entries()) expect(faults[index]).toContain(text)
  })

  it('does not repeat a secret in a fault', () => {
    expect(faultsOf({ ...key, B2_ENDPOINT: 'ftp://x', B2_APPLICATION_KEY: 'K004secret' }).join()).not.toContain(
      'K004secret',
    )
  })
})
