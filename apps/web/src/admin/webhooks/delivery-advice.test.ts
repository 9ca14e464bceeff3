import { expect, it } from 'vitest'
import { adviceOf } from './delivery-advice.ts'

const error = (code: string) => ({ code, message: 'no' }) as NonNullable<Parameters<typeof adviceOf>[0]['error']>

it.each([
  [301, 'WEBHOOK_REFUSED', /Redirects are not followed/],
  [399, 'WEBHOOK_REFUSED', /Redirects are not followed/],
  [400, 'WEBHOOK_REFUSED', /signature/],
  [403, 'WEBHOOK_REFUSED', /login/],
  [404, 'WEBHOOK_REFUSED', /path/],
  [410, 'WEBHOOK_REFUSED', /disabled/],
  [418, 'WEBHOOK_REFUSED', /200 to 299/],
  [500, 'WEBHOOK_REFUSED', /log at this time/],
  [502, 'WEBHOOK_REFUSED', /proxy/],
  [505, 'WEBHOOK_REFUSED', /log at this time/],
  [null, 'URL_TIMEOUT', /15 seconds/],
  [null, 'URL_NOT_ALLOWED', /OUTBOUND_ALLOW/],
  [null, 'UNAVAILABLE', /sent again automatically/],
])('says what to do after %s %s', (status, code, advice) => {
  expect(adviceOf({ status, error: error(code) })).toMatch(advice)
})

it('has nothing to say about a success', () => expect(adviceOf({ status: 204, error: null })).toBeNull())
