import { describe, expect, it } from 'vitest'
import { decodeFeedCursor, encodeFeedCursor, isUnsealed } from './feed-cursor.ts'

const SECRET = 's'.repeat(32)
const position = { xid: '18446744073709551615', id: 9_007_199_254_740_991 }

describe('a cursor of the feed', () => {
  it('is the position that it was made of', () => {
    for (const each of [position, { xid: '0', id: 0 }, { xid: '815', id: 4711 }])
      expect(decodeFeedCursor(encodeFeedCursor(each, SECRET), SECRET)).toEqual(each)
  })

  it('tells nothing of the position', () => {
    const [one, other] = [1, 2].map(() => encodeFeedCursor({ xid: '815', id: 4711 }, SECRET))
    expect(one).not.toBe(other)
    expect(Buffer.from(String(one), 'base64url').toString('latin1')).not.toMatch(/815|4711/)
  })

  it('of before they were sealed is known as such', () => {
    const cursors = [
      ...['815.4711', '815', ''].map(text => Buffer.from(text).toString('base64url')),
      encodeFeedCursor(position, SECRET),
    ]
    expect(cursors.map(isUnsealed)).toEqual([true, false, false, false])
  })

  it.each([
    ['nothing', ''],
    ['a text', 'bm8'],
    ['one that is not sealed', Buffer.from('815.4711').toString('base64url')],
    ['one of another secret', encodeFeedCursor(position, 'o'.repeat(32))],
    ['one that was changed', encodeFeedCursor(position, SECRET).replace(/^./, first => (first === 'A' ? 'B' : 'A'))],
    ['one that is longer', `${encodeFeedCursor(position, SECRET)}AAAA`],
  ])('is not %s', (_title, cursor) => {
    expect(() => decodeFeedCursor(cursor, SECRET)).toThrow('not a valid cursor')
  })
})
