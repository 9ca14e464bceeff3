import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeIcc } from './icc.ts'

const profile = (tag: Buffer): Buffer => {
  const head = Buffer.alloc(128 + 4 + 12)
  head.writeUInt32BE(1, 128)
  head.write('desc', 132, 'latin1')
  head.writeUInt32BE(144, 136)
  head.writeUInt32BE(tag.length, 140)
  return Buffer.concat([head, tag])
}
const version2 = (text: string): Buffer => {
  const head = Buffer.from('desc\0\0\0\0\0\0\0\0', 'latin1')
  head.writeUInt32BE(text.length + 1, 8)
  return Buffer.concat([head, Buffer.from(`${text}\0`, 'latin1')])
}
const version4 = (text: string): Buffer => {
  const head = Buffer.alloc(28)
  head.write('mluc', 'latin1')
  head.writeUInt32BE(text.length * 2, 20)
  head.writeUInt32BE(28, 24)
  return Buffer.concat([head, Buffer.from(text, 'utf16le').swap16()])
}

it.each([
  ['version 2', version2('sRGB IEC61966-2.1'), 'sRGB IEC61966-2.1'],
  ['version 4', version4('Display P3'), 'Display P3'],
  ['control characters', version2('a\u0007b'), 'ab'],
  ['half a character', version4('P3\ud83d'), 'P3\ufffd'],
  ['an empty text', version2(''), null],
  ['an unknown kind of tag', Buffer.from('text0000abcd'), null],
])('reads the description of a profile: %s', (_title, tag, expected) => {
  expect(describeIcc(profile(tag))).toBe(expected)
})

it('never fails, whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      const text = describeIcc(profile(Buffer.from(bytes)))
      expect(text === null || text.length <= 200).toBe(true)
      describeIcc(Buffer.from(bytes))
    }),
  )
})
