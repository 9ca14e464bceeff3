import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { privateBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
const Bucket = privateBucket
const keys = ['a', 'a/1', 'a/2', 'b/x/1', 'b/x/2', 'b/y', 'c d&é', 'z/\u{10ffff}', 'z/￿', '𝒳']
// In order of UTF-8 bytes, which differs from JavaScript's UTF-16 order for the last ones.
const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

beforeAll(async () => {
  context = await startTestStore()
  const put = (Key: string) => context.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  for (const key of keys) await put(key)
  await put('hidden')
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }))
  for (let index = 0; index < 3; index += 1) await put('v/same')
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'v/same' }))
})
afterAll(() => context[Symbol.asyncDispose]())

test('lists visible keys in the order of their bytes', async () => {
  const page = await context.client.send(new ListObjectsV2Command({ Bucket }))
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(sorted)
  expect(page).toMatchObject({ KeyCount: keys.length, IsTruncated: false })
})

test.each([1, 2, 3])('pages through everything %i at a time, grouped and not', async pageSize => {
  const found: string[] = []
  const grouped: string[] = []
  for await (const page of paginateListObjectsV2({ client: context.client, pageSize }, { Bucket })) {
    found.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
    expect(page.KeyCount).toBeLessThanOrEqual(pageSize)
  }
  for await (const page of paginateListObjectsV2({ client: context.client, pageSize }, { Bucket, Delimiter: '/' })) {
    grouped.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []))
    grouped.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
  }
  expect(found).toEqual(sorted)
  expect(grouped.sort()).toEqual(['a', 'a/', 'b/', 'c d&é', 'z/', '𝒳'].sort())
})

test('groups below a prefix', async () => {
  const page = await context.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'b/', Delimiter: '/' }))
  expect(page.CommonPrefixes).toEqual([{ Prefix: 'b/x/' }])
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['b/y'])
})

test('starts after a key and answers an empty page for max-keys 0', async () => {
  const page = await context.client.send(new ListObjectsV2Command({ Bucket, StartAfter: 'b/x/1', Prefix: 'b/' }))
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['b/x/2', 'b/y'])
  const none = await context.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false })
})

test('lists by marker in the first version of the API, passing over whole groups', async () => {
  const first = await context.client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a/', CommonPrefixes: [{ Prefix: 'a/' }] })
  const second = await context.client.send(
    new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, Marker: first.NextMarker }),
  )
  expect(second.CommonPrefixes).toEqual([{ Prefix: 'b/' }])
})

test('encodes keys when asked', async () => {
  const page = await context.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'c', EncodingType: 'url' }))
  expect(page.Contents?.[0]?.Key).toBe('c%20d%26%C3%A9')
})

test('lists versions newest first with their markers, across pages inside one key', async () => {
  const seen: string[] = []
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await context.client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'v/', MaxKeys: 1, ...marker }),
    )
    seen.push(...(page.Versions ?? []).map(({ VersionId, IsLatest }) => `version ${IsLatest} ${VersionId}`))
    seen.push(...(page.DeleteMarkers ?? []).map(({ VersionId, IsLatest }) => `marker ${IsLatest} ${VersionId}`))
    if (!page.IsTruncated) break
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
  expect(seen).toHaveLength(4)
  expect(new Set(seen).size).toBe(4)
  expect(seen.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'marker true',
    'version false',
    'version false',
    'version false',
  ])
  const whole = await context.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'v/' }))
  expect(whole.Versions?.map(({ VersionId }) => `version false ${VersionId}`)).toEqual(seen.slice(1))
})
