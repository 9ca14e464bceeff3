import type { CurrentKey } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { denialOf } from './key-access.ts'

const project = { id: '0190c0de-0000-7000-8000-00000000000a', name: 'shop', isPrivate: false }
const key = (parts: Partial<CurrentKey>): CurrentKey => ({
  shortId: 'a',
  scopes: [],
  isOperator: false,
  project,
  ...parts,
})

describe('what a key may not do', () => {
  it('is nothing while it is not known', () => expect(denialOf(null, 'operator')).toBeNull())
  it('names the scope that it lacks', () => {
    expect(denialOf(key({ scopes: ['read'] }), 'write')).toBe('This key does not have the scope “write”.')
    expect(denialOf(key({ scopes: ['read'] }), 'read')).toBeNull()
  })
  it('is what needs an operator', () => {
    expect(denialOf(key({ scopes: ['admin'] }), 'operator')).toContain('operator key')
    expect(denialOf(key({ isOperator: true }), 'operator')).toBeNull()
  })
  it('is what is inside of projects, for a key that belongs to none', () => {
    const operator = key({ scopes: ['read', 'admin'], isOperator: true, project: null })
    expect(denialOf(operator, 'read')).toContain('belongs to no project')
    expect(denialOf(operator, 'admin')).toBeNull()
  })
})
