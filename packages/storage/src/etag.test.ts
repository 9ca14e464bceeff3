import { describe, expect, it } from 'vitest'
import { bareEtag, isContentEtag, quotedEtag } from './etag.ts'

describe('bareEtag', () => {
  it.each(['"abc"', 'abc', 'W/"abc"'])('reads %s as abc', etag => {
    expect(bareEtag(etag)).toBe('abc')
    expect(quotedEtag(etag)).toBe('"abc"')
  })
})

describe('isContentEtag', () => {
  it.each([
    ['"9e107d9d372bb6826bd81d3542a419d6"', true],
    ['"9e107d9d372bb6826bd81d3542a419d6-3"', false],
    ['', false],
  ])('says of %s: %s', (etag, expected) => {
    expect(isContentEtag(etag)).toBe(expected)
  })
})
