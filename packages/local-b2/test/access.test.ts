import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutObjectCommand,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Capability } from '../src/auth/application-key.ts'
import { deriveSigningKey, formatScope, signHex, stringToSign } from '../src/auth/signature.ts'
import {
  failureOf,
  makeClient,
  privateBucket,
  publicBucket,
  startTestStore,
  statusAndCode,
  type TestStore,
} from './start-store.ts'

let context: TestStore
beforeAll(async () => {
  context = await startTestStore()
  for (const Bucket of [privateBucket, publicBucket]) {
    await context.client.send(new PutObjectCommand({ Bucket, Key: 'seen', Body: 'public?', ContentType: 'text/plain' }))
  }
})
afterAll(() => context[Symbol.asyncDispose]())

const signableHeaders = new Set(['host', 'content-type', 'content-length'])
const signPut = (Key: string, Body: string, expiresIn = 60) =>
  getSignedUrl(
    context.client,
    new PutObjectCommand({ Bucket: privateBucket, Key, ContentType: 'image/png', ContentLength: Body.length }),
    { expiresIn, signableHeaders },
  )

async function attempt(config: S3ClientConfig): Promise<string> {
  const client = makeClient(context.store.url, config)
  const failure = await failureOf(client.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'seen' })))
  client.destroy()
  return failure
}

test.each<[string, S3ClientConfig, string]>([
  ['the right key', {}, 'no failure'],
  ['another key id', { credentials: { accessKeyId: 'x', secretAccessKey: 'localsecret' } }, '403 InvalidAccessKeyId'],
  ['a wrong secret', { credentials: { accessKeyId: 'localkey', secretAccessKey: 'x' } }, '403 SignatureDoesNotMatch'],
  ['another region', { region: 'us-east-1' }, '400 AuthorizationHeaderMalformed'],
])('answers a request signed with %s', async (_name, config, failure) => {
  expect(await attempt(config)).toBe(failure)
})

test('refuses a clock that is off by more than 15 minutes', async () => {
  const client = makeClient(context.store.url, { systemClockOffset: -16 * 60_000, maxAttempts: 1 })
  const call = client.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'seen' }))
  expect(await failureOf(call)).toBe('403 RequestTimeTooSkewed')
  client.destroy()
})

test('takes a presigned upload of the signed type and length only', async () => {
  const url = await signPut('signed.png', 'pixels')
  const put = (body: string, type: string) =>
    fetch(url, { method: 'PUT', body, headers: { 'content-type': type } }).then(statusAndCode)
  expect(await put('pixels', 'text/html')).toBe('403 SignatureDoesNotMatch')
  expect(await put('pixels and more', 'image/png')).toBe('403 SignatureDoesNotMatch')
  expect(await put('pixels', 'image/png')).toBe('200')
  const found = await context.client.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'signed.png' }))
  expect(found.ContentType).toBe('image/png')
})

test('refuses headers that a presigned URL does not cover', async () => {
  const headers = { 'content-type': 'image/png', 'x-amz-copy-source': `/${privateBucket}/seen` }
  const response = await fetch(await signPut('steal.png', 'pixels'), { method: 'PUT', body: 'pixels', headers })
  expect(await statusAndCode(response)).toBe('403 AccessDenied')
})

test('refuses a presigned URL that is changed, expired, or valid for over a week', async () => {
  const command = new GetObjectCommand({ Bucket: privateBucket, Key: 'seen' })
  const url = await getSignedUrl(context.client, command, { expiresIn: 604_800 })
  const answer = async (changed: string) => statusAndCode(await fetch(changed))
  expect(await answer(url)).toBe('200')
  expect(await answer(url.replace('/seen?', '/sees?'))).toBe('403 SignatureDoesNotMatch')
  expect(await answer(`${url}&versionId=x`)).toBe('403 SignatureDoesNotMatch')
  expect(await answer(url.replace('604800', '604801'))).toBe('400 AuthorizationQueryParametersError')
  const signingDate = new Date(Date.now() - 61_000)
  const expired = await getSignedUrl(context.client, command, { expiresIn: 60, signingDate })
  expect(await answer(expired)).toBe('403 AccessDenied')
})

test('serves Range and response overrides on a presigned GET', async () => {
  const command = new GetObjectCommand({ Bucket: privateBucket, Key: 'seen', ResponseContentType: 'text/x-other' })
  const response = await fetch(await getSignedUrl(context.client, command), { headers: { range: 'bytes=0-2' } })
  expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
    206,
    'pub',
    'text/x-other',
  ])
})

test('refuses signature version 2', async () => {
  const old = { headers: { authorization: 'AWS localkey:c2lnbmF0dXJl' } }
  expect(await statusAndCode(await fetch(`${context.store.url}/${privateBucket}/seen`, old))).toBe('400 InvalidRequest')
  const query = 'AWSAccessKeyId=localkey&Signature=x&Expires=9999999999'
  expect(await statusAndCode(await fetch(`${context.store.url}/${privateBucket}/seen?${query}`))).toBe(
    '400 InvalidRequest',
  )
})

test.each([
  ['GET', `/${publicBucket}/seen`, '200'],
  ['HEAD', `/${publicBucket}/seen`, '200'],
  ['GET', `/${publicBucket}/missing`, '404 NoSuchKey'],
  ['GET', `/${publicBucket}/seen?response-content-type=text/html`, '400 InvalidRequest'],
  ['GET', `/${publicBucket}/seen?acl`, '403 AccessDenied'],
  ['GET', `/${publicBucket}?list-type=2`, '403 AccessDenied'],
  ['GET', `/${publicBucket}`, '403 AccessDenied'],
  ['GET', `/${privateBucket}/seen`, '403 AccessDenied'],
  ['HEAD', `/${privateBucket}/seen`, '403'],
  ['GET', '/', '403 AccessDenied'],
  ['PUT', `/${publicBucket}/new`, '403 AccessDenied'],
  ['DELETE', `/${publicBucket}/seen`, '403 AccessDenied'],
  ['POST', `/${publicBucket}`, '501 NotImplemented'],
  ['GET', `/${publicBucket}/%ff`, '400 InvalidRequest'],
])('answers an anonymous %s %s with %s', async (method, path, expected) => {
  expect(await statusAndCode(await fetch(context.store.url + path, { method }))).toBe(expected)
})

test('describes an error as B2 does', async () => {
  const response = await fetch(`${context.store.url}/${privateBucket}/seen`)
  expect(response.headers.get('content-type')).toBe('application/xml')
  expect(await response.text()).toMatch(
    /<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><Resource>\/private-bucket\/seen<\/Resource><RequestId>\w+<\/RequestId><\/Error>$/,
  )
})

test('finds a bucket in the host', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { host: `${publicBucket}.localhost:${context.store.port}` }
    request(`${context.store.url}/seen`, { headers }, response => {
      response.setEncoding('utf8').on('data', resolve).on('error', reject)
    }).end()
  })
  expect(text).toBe('public?')
})

interface Raw {
  headers: Record<string, string>
  body: string
}

/** Sends bytes on a socket of its own, to break rules that HTTP clients keep. */
function sendRaw(path: string, { headers, body }: Raw): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const socket = connect(context.store.port, '127.0.0.1', () => {
      socket.write(`PUT ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines.join('')}\r\n${body}`)
    })
    socket.setEncoding('utf8').on('data', data => {
      answer += data
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

/** Signs a PUT by hand, with the seed signature that chunk signatures build on. */
function signPutByHand(key: string, payload: string, extra: Record<string, string>) {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = { date: timestamp.slice(0, 8), region: 'local-000', service: 's3' }
  const headers: Record<string, string> = {
    host: 'x',
    'x-amz-content-sha256': payload,
    'x-amz-date': timestamp,
    ...extra,
  }
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const canonical = ['PUT', `/${privateBucket}/${key}`, '', lines, names.join(';'), payload].join('\n')
  const signingKey = deriveSigningKey('localsecret', scope)
  const seed = signHex(signingKey, stringToSign(canonical, timestamp, scope))
  const { host: _host, ...sent } = headers
  const credential = `localkey/${formatScope(scope)}`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names.join(';')},Signature=${seed}`
  return { headers: { ...sent, authorization }, signingKey, seed, timestamp, scope }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function chunkedBody(signed: ReturnType<typeof signPutByHand>, chunks: string[]): string {
  let previous = signed.seed
  return [...chunks, '']
    .map(chunk => {
      const hashes = [sha256(''), sha256(chunk)]
      const text = ['AWS4-HMAC-SHA256-PAYLOAD', signed.timestamp, formatScope(signed.scope), previous, ...hashes]
      previous = createHmac('sha256', signed.signingKey).update(text.join('\n')).digest('hex')
      return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`
    })
    .join('')
}

const streaming = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'

async function putChunked(key: string, announced: number, change: (body: string) => string): Promise<string> {
  const signed = signPutByHand(key, streaming, {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(announced),
  })
  const body = change(chunkedBody(signed, ['hello ', 'world']))
  const answer = await sendRaw(`/${privateBucket}/${key}`, {
    headers: { ...signed.headers, 'content-length': String(body.length) },
    body,
  })
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] + (/<Code>(\w+)/.exec(answer)?.[1] ?? '')
}

test('decodes a body of signed chunks and refuses one whose chunks were touched', async () => {
  expect(await putChunked('chunked', 11, body => body)).toBe('200')
  const found = await context.client.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'chunked' }))
  expect(await found.Body?.transformToString()).toBe('hello world')
  expect(found.ContentEncoding).toBeUndefined()
  expect(await putChunked('forged', 11, body => body.replace('world', 'worle'))).toBe('403SignatureDoesNotMatch')
  expect(await putChunked('long', 10, body => body)).toBe('400IncompleteBody')
  expect(await putChunked('short', 12, body => body)).toBe('400IncompleteBody')
  for (const Key of ['forged', 'long', 'short']) {
    expect(await failureOf(context.client.send(new GetObjectCommand({ Bucket: privateBucket, Key })))).toBe(
      '404 NoSuchKey',
    )
  }
})

test('verifies the payload hash that was signed', async () => {
  const put = async (key: string, body: string) => {
    const { headers } = signPutByHand(key, sha256('signed body'), {})
    const answer = await sendRaw(`/${privateBucket}/${key}`, { headers: { ...headers, 'content-length': '11' }, body })
    return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] + (/<Code>(\w+)/.exec(answer)?.[1] ?? '')
  }
  expect(await put('hashed', 'signed body')).toBe('200')
  expect(await put('hashed-2', 'sigmed body')).toBe('400XAmzContentSHA256Mismatch')
})

test('needs a length', async () => {
  const { headers } = signPutByHand('no-length', 'UNSIGNED-PAYLOAD', {})
  const chunked = { ...headers, 'transfer-encoding': 'chunked' }
  const answer = await sendRaw(`/${privateBucket}/no-length`, { headers: chunked, body: '1\r\nx\r\n0\r\n\r\n' })
  expect(answer).toMatch(/^HTTP\/1\.1 411 [\s\S]*MissingContentLength/)
  const tooLarge = { ...headers, 'content-length': '5000000001' }
  const large = await sendRaw(`/${privateBucket}/no-length`, {
    headers: { ...tooLarge, expect: '100-continue' },
    body: '',
  })
  expect(large).toMatch(/^HTTP\/1\.1 400 [\s\S]*EntityTooLarge/)
})

test('stores nothing of a body that stops short', async () => {
  const { headers } = signPutByHand('cut', 'UNSIGNED-PAYLOAD', {})
  await new Promise<void>(resolve => {
    const lines = Object.entries({ ...headers, 'content-length': '1000' }).map(([n, v]) => `${n}: ${v}\r\n`)
    const socket = connect(context.store.port, '127.0.0.1', () => {
      socket.end(`PUT /${privateBucket}/cut HTTP/1.1\r\nhost: x\r\n${lines.join('')}\r\nonly this`)
    })
    socket.resume().on('close', () => resolve())
  })
  expect(await failureOf(context.client.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'cut' })))).toBe(
    '404 NoSuchKey',
  )
})

test('makes, describes and removes buckets', async () => {
  const { client } = context
  const Bucket = 'made-here'
  await client.send(new CreateBucketCommand({ Bucket, ACL: 'public-read' }))
  expect(await failureOf(client.send(new CreateBucketCommand({ Bucket })))).toBe('409 BucketAlreadyOwnedByYou')
  expect(await failureOf(client.send(new CreateBucketCommand({ Bucket: 'b2-mine' })))).toBe('400 InvalidBucketName')
  expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('local-000')
  expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('local-000')
  expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
  expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants).toHaveLength(2)
  await client.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }))
  expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants).toHaveLength(1)
  const { Buckets } = await client.send(new ListBucketsCommand({}))
  expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, privateBucket, publicBucket])
  expect(await failureOf(client.send(new GetBucketPolicyCommand({ Bucket })))).toBe('501 NotImplemented')
  expect(await failureOf(client.send(new DeleteBucketCommand({ Bucket: privateBucket })))).toBe('409 BucketNotEmpty')
  await client.send(new DeleteBucketCommand({ Bucket }))
  expect(await failureOf(client.send(new HeadBucketCommand({ Bucket })))).toMatch(/^404/)
  expect(await failureOf(client.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' })))).toBe('404 NoSuchBucket')
})

test.each<[Capability[], string[]]>([
  [[], []],
  [['readFiles'], ['GetObject']],
  [['writeFiles'], ['PutObject']],
  [['listFiles'], ['ListObjectsV2']],
  [['listBuckets'], ['HeadBucket']],
  [['readBuckets'], ['GetBucketAcl']],
])('a key with the capabilities %j may use %j', async (capabilities, allowed) => {
  await using restricted = await startTestStore({
    keys: [
      { keyId: 'localkey', applicationKey: 'localsecret' },
      { keyId: 'restricted', applicationKey: 'secret', capabilities, buckets: [privateBucket] },
    ],
  })
  await restricted.client.send(new PutObjectCommand({ Bucket: privateBucket, Key: 'a', Body: 'a' }))
  const client = makeClient(restricted.store.url, {
    credentials: { accessKeyId: 'restricted', secretAccessKey: 'secret' },
  })
  const calls = (Bucket: string) => ({
    GetObject: () => client.send(new GetObjectCommand({ Bucket, Key: 'a' })),
    PutObject: () => client.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'b' })),
    ListObjectsV2: () => client.send(new ListObjectsV2Command({ Bucket })),
    HeadBucket: () => client.send(new HeadBucketCommand({ Bucket })),
    GetBucketAcl: () => client.send(new GetBucketAclCommand({ Bucket })),
  })
  const passed: string[] = []
  for (const [name, send] of Object.entries(calls(privateBucket)))
    if ((await failureOf(send())) === 'no failure') passed.push(name)
  expect(passed).toEqual(allowed)
  for (const send of Object.values(calls(publicBucket))) expect(await failureOf(send())).toMatch(/^403/)
  client.destroy()
})
