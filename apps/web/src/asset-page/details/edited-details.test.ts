import { expect, it } from 'vitest'
import { type DetailFields, patchOf } from './edited-details.ts'

const FIELDS: DetailFields = {
  filename: 'beach.jpg',
  title: 'Beach',
  altText: 'A beach',
  isDecoration: false,
  description: '',
  folder: '2026',
  tags: 'sea, dusk',
}

it.each([
  ['nothing', {}, null],
  ['a name that is empty is no change', { filename: ' ' }, null],
  ['a title', { title: ' Dusk ' }, { title: 'Dusk' }],
  ['no title any more', { title: '' }, { title: null }],
  ['decoration', { isDecoration: true }, { altText: '' }],
  ['no alt text any more', { altText: '' }, { altText: null }],
  ['the top folder', { folder: '' }, { folder: '' }],
  ['single tags', { tags: 'dusk, dusk, wave ,' }, { addTags: ['wave'], removeTags: ['sea'] }],
])('changes only what was edited: %s', (_title, edit, patch) =>
  expect(patchOf(FIELDS, { ...FIELDS, ...edit })).toEqual(patch),
)
