import { describe, expect, it } from 'vitest'
import { cleanText, cutText } from './clean-text.ts'

describe('clean text', () => {
  it.each([
    ['keeps letters of any script', 'Grüße, 東京, 😀', 'Grüße, 東京, 😀'],
    ['ends lines with a line feed', 'a\r\nb\rc\n', 'a\nb\nc\n'],
    ['keeps tabs and form feeds', 'a\tb\f', 'a\tb\f'],
    ['has no control characters', 'a\0\u001b[1mb\u0085\u009f', 'a[1mb'],
    ['has a hyphen where the renderer marks one', 'exam\u0002\r\nple co\ufffeop', 'exam-\nple co-op'],
    ['has a sign instead of half a character', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_fact, text, expected) => {
    expect(cleanText(text)).toBe(expected)
  })
})

describe('a cut text', () => {
  it.each([
    ['is whole where it fits', 'aüb', 4, 'aüb'],
    ['ends before a character that does not fit', 'aüb', 2, 'a'],
    ['ends after one that does', 'aüb', 3, 'aü'],
  ])('%s', (_fact, text, maxBytes, expected) => {
    expect(cutText(text, maxBytes).toString()).toBe(expected)
  })
})
