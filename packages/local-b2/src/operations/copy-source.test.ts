import { expect, test } from 'vitest'
import { parseCopySource } from './copy-source.ts'

test.each([
  ['bucket/key', { bucket: 'bucket', key: 'key', versionId: undefined }],
  ['/bucket/a/b%20c%2Bd', { bucket: 'bucket', key: 'a/b c+d', versionId: undefined }],
  ['bucket%2Fkey', { bucket: 'bucket', key: 'key', versionId: undefined }],
  ['bucket/what%3F?versionId=4_z1', { bucket: 'bucket', key: 'what?', versionId: '4_z1' }],
])('reads %s', (header, source) => {
  expect(parseCopySource(header)).toEqual(source)
})

test.each(['', 'bucket', '/bucket/', '%ff/x'])('refuses %j', header => {
  expect(() => parseCopySource(header)).toThrow(expect.objectContaining({ status: 400 }))
})
