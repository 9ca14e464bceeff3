import { newId } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { issueClientToken, readClientToken } from './client-token.ts'

const SECRET = 's'.repeat(32)
const NOW = new Date('2026-01-01T00:00:00Z')
const claims = { assetId: newId(), projectId: newId(), expiresAt: NOW.getTime() / 1000 + 1 }
const token = issueClientToken(claims, SECRET)

describe('a client token', () => {
  it('says what was signed', () => {
    expect(readClientToken(token, SECRET, NOW)).toEqual(claims)
  })

  it('ends with the second that it names', () => {
    expect(readClientToken(token, SECRET, new Date(NOW.getTime() + 999))).toEqual(claims)
    expect(readClientToken(token, SECRET, new Date(NOW.getTime() + 1000))).toBeNull()
  })

  it.each([
    ['nothing', ''],
    ['no signature', token.split('.')[0] ?? ''],
    ['an empty signature', `${token.split('.')[0]}.`],
    ['a shorter signature', token.slice(0, -1)],
    ['a longer signature', `${token}A`],
    ['another prefix', token.replace('dt_', 'dk_')],
    ['something before it', ` ${token}`],
    ['a line end after it', `${token}\n`],
    ['claims that are no JSON', token.replace(/_[\w-]+\./, '_AAAA.')],
  ])('with %s is none', (_title, text) => {
    expect(readClientToken(text, SECRET, NOW)).toBeNull()
  })

  it('is none under another secret', () => {
    expect(readClientToken(token, 't'.repeat(32), NOW)).toBeNull()
  })
})
