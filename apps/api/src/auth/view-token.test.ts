import { newId } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { issueClientToken } from './client-token.ts'
import { issueViewToken, readViewToken } from './view-token.ts'

const SECRET = 's'.repeat(32)
const claims = { assetId: newId(), projectId: newId(), expiresAt: 1_800_000_000 }
const token = issueViewToken(claims, SECRET)

/** Another character of the alphabet at that place. */
const changedAt = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)

describe('a view token', () => {
  it('says what was signed and fits into a segment of a path', () => {
    expect(readViewToken(token, SECRET)).toEqual(claims)
    expect(token).toMatch(/^[\w-]{94}$/)
  })

  it('is none with any character changed', () => {
    const read = Array.from(token, (_, at) => readViewToken(changedAt(at), SECRET))
    expect(read.filter(Boolean)).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['a part of it', token.slice(0, 51)],
    ['one character less', token.slice(0, -1)],
    ['one character more', `${token}A`],
    ['padding', `${token}==`],
    ['a client token of the same asset', issueClientToken(claims, SECRET)],
  ])('is not %s', (_title, text) => {
    expect(readViewToken(text, SECRET)).toBeNull()
  })

  it('is none under another secret', () => {
    expect(readViewToken(token, 't'.repeat(32))).toBeNull()
  })
})
