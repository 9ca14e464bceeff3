import { expect, test } from 'vitest'
import { announcementOf } from './announcement.ts'

const none = { added: [], ready: [], partial: [], failed: [] }

test.each([
  ['nothing', none, ''],
  ['one file', { ...none, ready: ['cat.jpg'] }, 'cat.jpg is ready.'],
  ['many files', { ...none, added: ['a', 'b', 'c'] }, '3 files added.'],
  ['a mixture', { ...none, ready: ['a', 'b'], failed: ['c.jpg'] }, '2 files ready, c.jpg failed.'],
])('says of %s one sentence', (_, news, sentence) => {
  expect(announcementOf(news)).toBe(sentence)
})
