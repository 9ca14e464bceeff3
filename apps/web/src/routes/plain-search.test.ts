import { describe, expect, it } from 'vitest'
import { choiceIn, parsePlainSearch, stringifyPlainSearch, textIn } from './plain-search.ts'

describe('query strings', () => {
  it.each([
    ['?code=TIMEOUT&after=2026-01-01T00%3A00', { code: 'TIMEOUT', after: '2026-01-01T00:00' }],
    ['?name=5&name=true', { name: ['5', 'true'] }],
    ['', {}],
  ])('%s is read as text and written as it was', (text, search) => {
    expect(parsePlainSearch(text)).toEqual(search)
    expect(stringifyPlainSearch(search)).toBe(text)
  })

  it('leaves out what is not given', () => {
    expect(stringifyPlainSearch({ a: undefined, b: '', c: [], d: 0 })).toBe('?d=0')
  })

  it('gives texts, and choices of a table', () => {
    const search = { status: 'failed', list: ['a', 'b'], toString: 'x' }
    expect(textIn(search, 'status')).toBe('failed')
    expect(textIn(search, 'list')).toBeUndefined()
    expect(choiceIn(search, 'status', { failed: 1 })).toBe('failed')
    expect(choiceIn({ status: 'toString' }, 'status', { failed: 1 })).toBeUndefined()
  })
})
