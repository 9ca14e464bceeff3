import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf, makeClient, privateBucket, publicBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
const Bucket = privateBucket
beforeAll(async () => {
  context = await startTestStore()
})
afterAll(() => context[Symbol.asyncDispose]())

const put = (Key: string, Body: string | Buffer, more = {}) =>
  context.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = (Key: string, more = {}) => context.client.send(new GetObjectCommand({ Bucket, Key, ...more }))
const read = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString()

test('returns what was put, with its headers, MD5 ETag and version', async () => {
  const bytes = randomBytes(3_000_001)
  const stored = await put('a/b é+c d.bin', bytes, {
    ContentType: 'image/png',
    CacheControl: 'max-age=60',
    ContentDisposition: 'attachment; filename="x.png"',
    ContentLanguage: 'de',
    ContentEncoding: 'gzip',
    Metadata: { Owner: 'someone', two: 'words here' },
  })
  expect(stored.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`)
  expect(stored.VersionId).toMatch(/^4_z/)
  const found = await get('a/b é+c d.bin')
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true)
  expect(found).toMatchObject({
    ContentType: 'image/png',
    CacheControl: 'max-age=60',
    ContentDisposition: 'attachment; filename="x.png"',
    ContentLanguage: 'de',
    ContentEncoding: 'gzip',
    ContentLength: 3_000_001,
    AcceptRanges: 'bytes',
    VersionId: stored.VersionId,
    Metadata: { owner: 'someone', two: 'words here' },
  })
  const head = await context.client.send(new HeadObjectCommand({ Bucket, Key: 'a/b é+c d.bin' }))
  expect(head).toMatchObject({ ETag: stored.ETag, ContentLength: 3_000_001, ContentType: 'image/png' })
})

test('stores an empty object', async () => {
  await put('empty', '')
  expect(await read('empty')).toBe('')
})

test.each([
  ['bytes=0-4', 'hello', 'bytes 0-4/11'],
  ['bytes=6-', 'world', 'bytes 6-10/11'],
  ['bytes=-5', 'world', 'bytes 6-10/11'],
  ['bytes=6-999', 'world', 'bytes 6-10/11'],
])('answers Range %s with those bytes', async (Range, text, contentRange) => {
  await put('range', 'hello world')
  const found = await get('range', { Range })
  expect(found).toMatchObject({ ContentRange: contentRange, $metadata: { httpStatusCode: 206 } })
  expect(await found.Body?.transformToString()).toBe(text)
})

test('refuses a range outside the object', async () => {
  await put('range', 'hello world')
  expect(await failureOf(get('range', { Range: 'bytes=11-' }))).toBe('416 InvalidRange')
})

test('answers conditional reads', async () => {
  const { ETag } = await put('conditional', 'x')
  const { LastModified } = await get('conditional')
  expect(await failureOf(get('conditional', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed')
  expect(await failureOf(get('conditional', { IfNoneMatch: ETag }))).toMatch(/^304/)
  expect(await failureOf(get('conditional', { IfModifiedSince: LastModified }))).toMatch(/^304/)
  expect(await failureOf(get('conditional', { IfUnmodifiedSince: new Date(0) }))).toBe('412 PreconditionFailed')
  expect(await read('conditional', { IfMatch: ETag })).toBe('x')
})

test('overrides response headers on a signed read', async () => {
  await put('override', 'x')
  const found = await get('override', { ResponseContentType: 'text/x-test', ResponseCacheControl: 'no-store' })
  expect(found).toMatchObject({ ContentType: 'text/x-test', CacheControl: 'no-store' })
})

test('keeps every version of a key and reads each by its id', async () => {
  const first = await put('versions', 'one')
  const second = await put('versions', 'two')
  expect(await read('versions')).toBe('two')
  expect(await read('versions', { VersionId: first.VersionId })).toBe('one')
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'versions', VersionId: second.VersionId }))
  expect(await read('versions')).toBe('one')
  expect(await failureOf(get('versions', { VersionId: second.VersionId }))).toBe('404 NoSuchVersion')
})

test('hides a key without deleting it, and shows it again when the marker goes', async () => {
  const { VersionId } = await put('hidden', 'still here')
  const hidden = await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }))
  expect(hidden).toMatchObject({ DeleteMarker: true, $metadata: { httpStatusCode: 204 } })
  const head = context.client.send(new HeadObjectCommand({ Bucket, Key: 'hidden' }))
  await expect(head).rejects.toMatchObject({ $response: { headers: { 'x-amz-delete-marker': 'true' } } })
  expect(await failureOf(get('hidden'))).toBe('404 NoSuchKey')
  expect(await read('hidden', { VersionId })).toBe('still here')
  expect(await failureOf(get('hidden', { VersionId: hidden.VersionId }))).toBe('405 MethodNotAllowed')
  const again = await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }))
  expect(again.VersionId).toBe(hidden.VersionId)
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden', VersionId: hidden.VersionId }))
  expect(await read('hidden')).toBe('still here')
})

test('deletes a key that never was with 204', async () => {
  const answer = await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'never' }))
  expect(answer.$metadata.httpStatusCode).toBe(204)
  const { DeleteMarkers } = await context.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'never' }))
  expect(DeleteMarkers).toBeUndefined()
})

test('deletes many objects in one request', async () => {
  const { VersionId } = await put('many/1 &<>"é', 'x')
  await put('many/2', 'x')
  const answer = await context.client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'many/1 &<>"é', VersionId }, { Key: 'many/2' }, { Key: 'many/none' }] },
    }),
  )
  expect(answer.Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
    ['many/1 &<>"é', undefined],
    ['many/2', true],
    ['many/none', undefined],
  ])
  const left = await context.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'many/' }))
  expect(left.Versions?.map(({ Key }) => Key)).toEqual(['many/2'])
})

test('copies by sharing bytes, by version too, and frees them only after the last copy', async () => {
  const body = randomBytes(100_000)
  const source = await put('copy/source é', body, { Metadata: { kept: 'yes' }, ContentType: 'image/gif' })
  await put('copy/source é', 'newer')
  const before = (await readdir(join(context.dataDir, 'blobs'))).length
  const CopySource = `${Bucket}/${encodeURIComponent('copy/source é')}?versionId=${source.VersionId}`
  const copied = await context.client.send(new CopyObjectCommand({ Bucket, Key: 'copy/target', CopySource }))
  expect((await readdir(join(context.dataDir, 'blobs'))).length).toBe(before)
  expect(copied).toMatchObject({
    CopySourceVersionId: source.VersionId,
    CopyObjectResult: { ETag: source.ETag },
  })
  expect(copied.VersionId).not.toBe(source.VersionId)
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'copy/source é', VersionId: source.VersionId }))
  const found = await get('copy/target')
  expect(found).toMatchObject({ ContentType: 'image/gif', Metadata: { kept: 'yes' } })
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true)
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'copy/target', VersionId: copied.VersionId }))
  await expect.poll(async () => (await readdir(join(context.dataDir, 'blobs'))).length).toBe(before - 1)
})

test('replaces headers on a copy only when told to', async () => {
  await put('directive', 'x', { ContentType: 'text/html', Metadata: { old: '1' } })
  const CopySource = `/${Bucket}/directive`
  const copy = (more: object) =>
    context.client.send(new CopyObjectCommand({ Bucket, Key: 'directive', CopySource, ...more }))
  expect(await failureOf(copy({}))).toBe('400 InvalidRequest')
  await copy({ MetadataDirective: 'REPLACE', ContentType: 'image/png', Metadata: { new: '2' } })
  expect(await get('directive')).toMatchObject({ ContentType: 'image/png', Metadata: { new: '2' } })
})

test('checks the conditions of a copy', async () => {
  const { ETag } = await put('guarded', 'x')
  const copy = (CopySourceIfMatch: string | undefined) =>
    context.client.send(
      new CopyObjectCommand({ Bucket, Key: 'guarded-copy', CopySource: `${Bucket}/guarded`, CopySourceIfMatch }),
    )
  expect(await failureOf(copy('"other"'))).toBe('412 PreconditionFailed')
  expect(await failureOf(copy(ETag))).toBe('no failure')
})

test.each([
  ['If-None-Match on PUT', () => put('x', 'x', { IfNoneMatch: '*' }), '501 NotImplemented'],
  ['If-Match on PUT', () => put('x', 'x', { IfMatch: '"a"' }), '501 NotImplemented'],
  ['tags', () => put('x', 'x', { Tagging: 'a=b' }), '400 InvalidArgument'],
  ['an ACL other than the bucket’s', () => put('x', 'x', { ACL: 'public-read' }), '400 InvalidArgument'],
  ['an ACL that B2 does not know', () => put('x', 'x', { ACL: 'authenticated-read' }), '400 InvalidArgument'],
  ['KMS encryption', () => put('x', 'x', { ServerSideEncryption: 'aws:kms' }), '501 NotImplemented'],
  ['another storage class', () => put('x', 'x', { StorageClass: 'GLACIER' }), '400 InvalidStorageClass'],
  ['a key over 1024 bytes', () => put('é'.repeat(513), 'x'), '400 KeyTooLongError'],
  ['control characters in a key', () => put('a\nb', 'x'), '400 InvalidArgument'],
  ['a wrong Content-MD5', () => put('x', 'x', { ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==' }), '400 BadDigest'],
  ['a malformed Content-MD5', () => put('x', 'x', { ContentMD5: 'abc' }), '400 InvalidDigest'],
  ['an info name over 50 bytes', () => put('x', 'x', { Metadata: { ['n'.repeat(51)]: 'x' } }), '400 MetadataTooLarge'],
  ['more than 7000 bytes of info', () => put('x', 'x', { Metadata: { n: 'x'.repeat(7000) } }), '400 MetadataTooLarge'],
  [
    'PutObjectAcl',
    () => context.client.send(new PutObjectAclCommand({ Bucket, Key: 'x', ACL: 'private' })),
    '501 NotImplemented',
  ],
  [
    'PutObjectTagging',
    () => context.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'x', Tagging: { TagSet: [] } })),
    '400 InvalidArgument',
  ],
])('refuses %s', async (_name, call, failure) => {
  expect(await failureOf(call())).toBe(failure)
  expect(await failureOf(get('x'))).toBe('404 NoSuchKey')
})

test('accepts the ACL that is the bucket’s', async () => {
  expect(await failureOf(put('acl', 'x', { ACL: 'private' }))).toBe('no failure')
  const open = new PutObjectCommand({ Bucket: publicBucket, Key: 'acl', Body: 'x', ACL: 'public-read' })
  expect(await failureOf(context.client.send(open))).toBe('no failure')
  const acl = await context.client.send(new GetObjectAclCommand({ Bucket: publicBucket, Key: 'acl' }))
  expect(acl.Grants?.map(({ Permission }) => Permission)).toEqual(['FULL_CONTROL', 'READ'])
})

test('verifies the checksums newer SDKs send, unless told to refuse them as B2 did in 2025', async () => {
  const modern = makeClient(context.store.url, { requestChecksumCalculation: 'WHEN_SUPPORTED' })
  const body = { Bucket, Key: 'checksum', Body: 'checked' }
  expect(await failureOf(modern.send(new PutObjectCommand(body)))).toBe('no failure')
  const wrong = new PutObjectCommand({ ...body, Key: 'wrong', ChecksumCRC32: 'AAAAAA==' })
  expect(await failureOf(modern.send(wrong))).toBe('400 BadDigest')
  expect(await failureOf(get('wrong'))).toBe('404 NoSuchKey')
  modern.destroy()

  await using strict = await startTestStore({ refuseChecksumHeaders: true })
  const strictModern = makeClient(strict.store.url, {
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
  })
  await expect(strictModern.send(new PutObjectCommand(body))).rejects.toThrow(
    /Unsupported header 'x-amz-(checksum-crc32|sdk-checksum-algorithm)' received for this API call/,
  )
  expect(await failureOf(strict.client.send(new PutObjectCommand(body)))).toBe('no failure')
  expect(await failureOf(strictModern.send(new GetObjectCommand({ Bucket, Key: 'checksum' })))).toBe(
    '400 InvalidArgument',
  )
  strictModern.destroy()
})
