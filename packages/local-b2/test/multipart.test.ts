import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf, privateBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
const Bucket = privateBucket
const partBytes = 5_000_000
beforeAll(async () => {
  context = await startTestStore()
})
afterAll(() => context[Symbol.asyncDispose]())

const blobCount = async () => (await readdir(join(context.dataDir, 'blobs'))).length
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest()

async function start(Key: string, more = {}) {
  const { UploadId } = await context.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))
  const target = { Bucket, Key, UploadId }
  return {
    target,
    part: async (PartNumber: number, Body: Buffer) => {
      const { ETag } = await context.client.send(new UploadPartCommand({ ...target, PartNumber, Body }))
      return { PartNumber, ETag }
    },
    complete: (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      context.client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } })),
  }
}

async function readAll(Key: string, more = {}): Promise<Buffer> {
  const found = await context.client.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return Buffer.from((await found.Body?.transformToByteArray()) ?? [])
}

test('assembles parts in order, replaces a repeated part and keeps the headers of the start', async () => {
  const first = randomBytes(partBytes)
  const last = randomBytes(10)
  const upload = await start('parts', { ContentType: 'video/mp4', Metadata: { a: 'b' } })
  const tail = await upload.part(7, last)
  await upload.part(2, randomBytes(partBytes))
  const head = await upload.part(2, first)
  const listed = await context.client.send(new ListPartsCommand({ ...upload.target, MaxParts: 1 }))
  expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
  const done = await upload.complete([head, tail])
  const etag = createHash('md5')
    .update(Buffer.concat([md5(first), md5(last)]))
    .digest('hex')
  expect(done.ETag).toBe(`"${etag}-2"`)
  const whole = Buffer.concat([first, last])
  expect((await readAll('parts')).equals(whole)).toBe(true)
  const across = await readAll('parts', { Range: `bytes=${partBytes - 3}-${partBytes + 3}` })
  expect(across.equals(whole.subarray(partBytes - 3, partBytes + 4))).toBe(true)
  const found = await context.client.send(new GetObjectCommand({ Bucket, Key: 'parts', Range: 'bytes=0-0' }))
  expect(found).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' } })
  expect(await failureOf(upload.complete([head, tail]))).toBe('404 NoSuchUpload')
})

test('refuses wrong lists of parts and stays open for the right one', async () => {
  const upload = await start('strict')
  const small = await upload.part(1, Buffer.from('small'))
  const last = await upload.part(2, Buffer.from('last'))
  expect(await failureOf(upload.complete([last, small]))).toBe('400 InvalidPartOrder')
  expect(await failureOf(upload.complete([{ PartNumber: 3, ETag: small.ETag }]))).toBe('400 InvalidPart')
  expect(await failureOf(upload.complete([{ PartNumber: 1, ETag: '"bad"' }]))).toBe('400 InvalidPart')
  expect(await failureOf(upload.complete([small, last]))).toBe('400 EntityTooSmall')
  expect(await failureOf(upload.complete([]))).toBe('400 MalformedXML')
  expect(await failureOf(upload.part(10_001, Buffer.from('x')))).toBe('400 InvalidArgument')
  await upload.complete([last])
  expect((await readAll('strict')).toString()).toBe('last')
})

test('aborts an upload and frees its bytes', async () => {
  const before = await blobCount()
  const upload = await start('aborted')
  await upload.part(1, randomBytes(1000))
  const open = await context.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'abor' }))
  expect(open.Uploads?.map(({ UploadId }) => UploadId)).toEqual([upload.target.UploadId])
  await context.client.send(new AbortMultipartUploadCommand(upload.target))
  expect(await failureOf(upload.part(1, Buffer.from('x')))).toBe('404 NoSuchUpload')
  await expect.poll(blobCount).toBe(before)
})

test('pages through open uploads by key and upload id', async () => {
  const made = [await start('open/a'), await start('open/a'), await start('open/b')]
  const seen: (string | undefined)[] = []
  let marker = {}
  for (;;) {
    const page = await context.client.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'open/', MaxUploads: 1, ...marker }),
    )
    seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId))
    if (!page.IsTruncated) break
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
  }
  expect(seen).toEqual(made.map(({ target }) => target.UploadId))
})

test('makes parts from ranges of other objects without copying their bytes', async () => {
  const source = randomBytes(partBytes + 100)
  await context.client.send(new PutObjectCommand({ Bucket, Key: 'part-source', Body: source }))
  const before = await blobCount()
  const upload = await start('part-copy')
  const copy = async (PartNumber: number, CopySourceRange: string | undefined) => {
    const answer = await context.client.send(
      new UploadPartCopyCommand({
        ...upload.target,
        PartNumber,
        CopySource: `${Bucket}/part-source`,
        CopySourceRange,
      }),
    )
    return { PartNumber, ETag: answer.CopyPartResult?.ETag }
  }
  const parts = [await copy(1, undefined), await copy(2, 'bytes=10-19')]
  expect(parts[1]?.ETag).toBe(`"${md5(source.subarray(10, 20)).toString('hex')}"`)
  expect(await failureOf(copy(3, `bytes=0-${source.length}`))).toBe('400 InvalidArgument')
  await upload.complete(parts)
  expect(await blobCount()).toBe(before)
  await context.client.send(new CopyObjectCommand({ Bucket, Key: 'part-copy-2', CopySource: `${Bucket}/part-copy` }))
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'part-source' }))
  expect((await readAll('part-copy-2')).equals(Buffer.concat([source, source.subarray(10, 20)]))).toBe(true)
})

test('takes an upload from lib-storage', async () => {
  const Body = randomBytes(12 * 1024 * 1024)
  const done = await new Upload({ client: context.client, params: { Bucket, Key: 'lib', Body } }).done()
  expect(done.ETag).toMatch(/-3"$/)
  expect((await readAll('lib')).equals(Body)).toBe(true)
})
