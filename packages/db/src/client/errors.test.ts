import { describe, expect, it } from 'vitest'
import { isDatabaseUnavailable, isNotStorable } from './errors.ts'

const withCode = (code: string) => Object.assign(new Error('query failed'), { code })
/** As the query builder wraps it. */
const wrapped = (code: string) => new Error('Failed query: SELECT 1', { cause: withCode(code) })

describe('isDatabaseUnavailable', () => {
  it.each([
    ...['CONNECTION_CLOSED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH'],
    ...['57P01', '57P05', '08006', '53100', '53300', '40P01', '25006', '25P03', '55P03', '57014'],
  ])('knows %s, also inside the error of a query', code => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true)
    expect(isDatabaseUnavailable(wrapped(code))).toBe(true)
  })

  it.each(['23505', '42703', '22P02', 'ENOENT'])('takes %s for what it is: a fault of the query', code => {
    expect(isDatabaseUnavailable(wrapped(code))).toBe(false)
  })

  it('takes nothing else for an error', () => {
    expect(isDatabaseUnavailable('ECONNREFUSED')).toBe(false)
    expect(isDatabaseUnavailable(new Error('ECONNREFUSED'))).toBe(false)
  })
})

describe('isNotStorable', () => {
  it('knows what a value did', () => {
    expect(isNotStorable(wrapped('22P05'))).toBe(true)
    expect(isNotStorable(wrapped('57P01'))).toBe(false)
  })
})
