import { expect, test } from 'vitest'
import { announcementOf, noNews } from './announcement.ts'

const none = noNews()

test.each([
  ['nothing', none, ''],
  ['one file', { ...none, ready: ['cat.jpg'] }, 'cat.jpg is ready.'],
  ['many files', { ...none, added: ['a', 'b', 'c'] }, '3 files added.'],
  ['a deletion', { ...none, deleted: ['cat.jpg'] }, 'cat.jpg was deleted.'],
  ['a mixture', { ...none, ready: ['a', 'b'], failed: ['c.jpg'] }, '2 files ready, c.jpg failed.'],
])('says of %s one sentence', (_, news, sentence) => {
  expect(announcementOf(news)).toBe(sentence)
})
