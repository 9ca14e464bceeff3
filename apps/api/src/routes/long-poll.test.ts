import { describe, expect, it } from 'vitest'
import { matchesEtag } from './long-poll.ts'

describe('If-None-Match', () => {
  it.each([
    ['W/"3"', true],
    ['"3"', true],
    ['W/"2", W/"3"', true],
    [' W/"3" ', true],
    ['*', true],
    ['W/"33"', false],
    ['3', false],
    ['', false],
    ['W/"2", W/"4"', false],
  ])('%j fits W/"3": %s', (header, expected) => {
    expect(matchesEtag(header, 'W/"3"')).toBe(expected)
  })
})
