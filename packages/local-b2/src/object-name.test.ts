import { expect, test } from 'vitest'
import { checkBucketName, checkKey } from './object-name.ts'

test.each(['a', 'a/b c/é.png', '../../etc/passwd', '/lead', 'x'.repeat(1024), 'é'.repeat(512), '😀'])(
  'takes %j as a key',
  key => {
    expect(checkKey(key)).toBe(key)
  },
)

test.each([
  ['', 'InvalidArgument'],
  ['x'.repeat(1025), 'KeyTooLongError'],
  ['é'.repeat(513), 'KeyTooLongError'],
  ['a\u0000b', 'InvalidArgument'],
  ['a\u001fb', 'InvalidArgument'],
  ['a\u007fb', 'InvalidArgument'],
])('refuses %j as a key', (key, code) => {
  expect(() => checkKey(key)).toThrow(expect.objectContaining({ code }))
})

test.each(['abcdef', 'Media-2', 'x'.repeat(63)])('takes %s as a bucket name', name => {
  expect(checkBucketName(name)).toBe(name)
})

test.each(['abcde', 'x'.repeat(64), 'b2-bucket', 'with.dots', '-abcdef', 'abcdef-', 'a_bcdef', ''])(
  'refuses %j as a bucket name',
  name => {
    expect(() => checkBucketName(name)).toThrow(expect.objectContaining({ code: 'InvalidBucketName' }))
  },
)
