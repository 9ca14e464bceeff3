import { expect, it } from 'vitest'
import { readSavedFilters, removeFilter, saveFilter } from './saved-filters.ts'

function storage(text: string | null = null) {
  let stored = text
  return {
    getItem: () => stored,
    setItem: (_: string, value: string) => {
      stored = value
    },
  }
}

it('keeps filters by name, the newest first', () => {
  const place = storage()
  saveFilter(place, { name: 'failed', search: { status: 'failed', view: 'table' } })
  saveFilter(place, { name: 'beach', search: { q: 'beach', sort: 'filename' } })
  saveFilter(place, { name: 'failed', search: { status: 'failed', kind: 'video' } })
  expect(readSavedFilters(place)).toEqual([
    { name: 'failed', search: { status: 'failed', kind: 'video' } },
    { name: 'beach', search: { q: 'beach', sort: 'filename' } },
  ])
  removeFilter(place, 'failed')
  expect(readSavedFilters(place).map(({ name }) => name)).toEqual(['beach'])
})

it.each([null, 'no json', '{"a": 1}', '[1, null, {"name": 5}]'])('reads nothing from %s', text =>
  expect(readSavedFilters(storage(text))).toEqual([]),
)
