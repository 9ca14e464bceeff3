import { expect, it } from 'vitest'
import { auditSearchOf } from './audit-search.ts'
import { actionWords } from './audit-words.ts'

it('shows an operation in words', () => expect(actionWords('rotateWebhookSecret')).toBe('Rotate webhook secret'))

it('reads an address, and leaves out what makes no sense', () => {
  expect(auditSearchOf({ result: 'failed', key: 'abc', page: '7' })).toEqual({ result: 'failed', key: 'abc' })
  expect(auditSearchOf({ result: 'all' })).toEqual({})
})
