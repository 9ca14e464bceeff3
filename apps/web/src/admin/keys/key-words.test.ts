import { describe, expect, test } from 'vitest'
import { dateTime } from '../format/human-time.ts'
import { isSameKey, keyText, publicPart, works } from './key-words.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString()
const fresh = { lastUsedAt: null, expiresAt: null, revokedAt: null }

describe('a key', () => {
  test.each([
    ['that is new', fresh, true, 'never used · never expires'],
    ['in use', { ...fresh, lastUsedAt: at(180) }, true, 'used 3 min ago · never expires'],
    ['with an end to come', { ...fresh, expiresAt: at(-60) }, true, `never used · expires ${dateTime(at(-60))}`],
    ['at its end', { ...fresh, lastUsedAt: at(180), expiresAt: at(0) }, false, 'expired just now · used 3 min ago'],
    ['that was revoked', { ...fresh, expiresAt: at(-60), revokedAt: at(60) }, false, 'revoked 1 min ago · never used'],
  ])('%s', (_, key, isWorking, text) => {
    expect(works(key, NOW)).toBe(isWorking)
    expect(keyText(key, NOW)).toBe(text)
  })
})

test('a key is known by its public part', () => {
  const key = { projectId: 'p1', shortId: 'abcd2345' }
  expect(publicPart(key)).toBe('dk_abcd2345_…')
  expect(publicPart({ ...key, projectId: null })).toBe('do_abcd2345_…')
  expect(isSameKey(key, 'dk_abcd2345_secret')).toBe(true)
  expect(isSameKey(key, 'dk_other123_abcd2345')).toBe(false)
  expect(isSameKey(key, null)).toBe(false)
})
