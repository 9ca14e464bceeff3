import { describe, expect, it } from 'vitest'
import { apiFilterOf, filterIn, librarySearchOf } from './library-search.ts'

describe('the address of the library', () => {
  it('gives what it says, and leaves out what nobody knows', () => {
    const known = { q: 'beach', kind: 'image', sort: 'filename', view: 'table', from: '2026-11-01', folder: 'a/b' }
    expect(librarySearchOf({ ...known, other: 'x' })).toEqual(known)
    expect(librarySearchOf({ kind: 'toString', status: 'gone', sort: 'size', from: '2026-13-45', q: '' })).toEqual({})
    expect(librarySearchOf({ q: ['a', 'b'], to: 'yesterday' })).toEqual({})
  })

  it('tells what narrows the list from how it is shown', () => {
    expect(filterIn({ q: 'a', sort: 'filename', view: 'table', folder: '/' })).toEqual({ q: 'a', folder: '/' })
  })
})

describe('the filter of the API', () => {
  it('has sizes in bytes', () => {
    expect(apiFilterOf({ size: 'medium' })).toEqual({ minBytes: 1_000_000, maxBytes: 10_000_000 })
    expect(apiFilterOf({ size: 'huge' })).toEqual({ minBytes: 100_000_000 })
  })

  it('has whole days of the reader', () => {
    const { createdAfter = '', createdBefore = '' } = apiFilterOf({ from: '2026-11-01', to: '2026-11-01' })
    expect(Date.parse(createdBefore) - Date.parse(createdAfter)).toBe(24 * 3_600_000 + 1)
    expect(new Date(Date.parse(createdAfter) + 1).getDate()).toBe(1)
    expect(new Date(createdBefore).getDate()).toBe(2)
  })

  it('asks for the top folder, or for none', () => {
    expect(apiFilterOf({ folder: '/' })).toEqual({ folder: '' })
    expect(apiFilterOf({})).toEqual({})
  })
})
