import { expect, test } from 'vitest'
import type { QueryPair } from '../http/query.ts'
import { canonicalQuery, canonicalRequest, deriveSigningKey, sha256Hex, signHex, stringToSign } from './signature.ts'

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and …/sigv4-query-string-auth.html
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
const timestamp = '20130524T000000Z'
const host = 'examplebucket.s3.amazonaws.com'

function sign(method: string, path: string, pairs: QueryPair[], headers: Record<string, string>, payloadHash: string) {
  const canonical = canonicalRequest({
    method,
    path,
    pairs,
    signedHeaders: Object.keys(headers).sort(),
    headerValue: name => headers[name] ?? '',
    payloadHash,
  })
  return signHex(deriveSigningKey(secret, scope), stringToSign(canonical, timestamp, scope))
}

const empty = sha256Hex('')
const signed = { host, 'x-amz-content-sha256': empty, 'x-amz-date': timestamp }
const putHash = sha256Hex('Welcome to Amazon S3.')

test.each<[string, string, Parameters<typeof sign>]>([
  [
    'GET object',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ['GET', '/test.txt', [], { ...signed, range: 'bytes=0-9' }, empty],
  ],
  [
    'PUT object with a $ in its key',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    [
      'PUT',
      '/test$file.text',
      [],
      {
        ...signed,
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-content-sha256': putHash,
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      putHash,
    ],
  ],
  [
    'GET bucket lifecycle',
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ['GET', '/', [['lifecycle', '']], signed, empty],
  ],
  [
    'GET bucket with parameters',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    [
      'GET',
      '/',
      [
        ['prefix', 'J'],
        ['max-keys', '2'],
      ],
      signed,
      empty,
    ],
  ],
  [
    'presigned GET',
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    [
      'GET',
      '/test.txt',
      [
        ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
        ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
        ['X-Amz-Date', timestamp],
        ['X-Amz-Expires', '86400'],
        ['X-Amz-SignedHeaders', 'host'],
      ],
      { host },
      'UNSIGNED-PAYLOAD',
    ],
  ],
])('signs the published example: %s', (_name, signature, parts) => {
  expect(sign(...parts)).toBe(signature)
})

test('sorts and encodes query parameters', () => {
  expect(
    canonicalQuery([
      ['b', 'é /'],
      ['a', '2'],
      ['a', '1'],
      ['A', "!'()*"],
    ]),
  ).toBe('A=%21%27%28%29%2A&a=1&a=2&b=%C3%A9%20%2F')
})
