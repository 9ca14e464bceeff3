import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseConfig } from './config.ts'
import { redact } from './logger.ts'

describe('redact', () => {
  it.each([
    ['https://s3/x?X-Amz-Signature=abc123&y=1', 'https://s3/x?X-Amz-Signature=[redacted]&y=1'],
    ['Bearer dk_abcdefgh_0123456789012345678901234567890123456789012', 'Bearer dk_abcdefgh_[redacted]'],
    ['secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw= of', 'secret whsec_[redacted] of'],
    [`GET /v/${'x'.repeat(94)}/thumb.webp`, 'GET /v/[redacted]/thumb.webp'],
    [`GET /s/${'x'.repeat(43)}`, 'GET /s/[redacted]'],
    ['postgres://user:hunter2@db/x', 'postgres://user:[redacted]@db/x'],
  ])('hides the secret in %s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  it('leaves ordinary text alone', () => {
    expect(redact('asset 0190 is ready in 12 ms')).toBe('asset 0190 is ready in 12 ms')
  })
})

describe('parseConfig', () => {
  const schema = z.object({ PORT: z.coerce.number().int().default(3000), URL: z.url() })

  it('reports every fault with the name of its variable', () => {
    expect(() => parseConfig(schema, { PORT: 'x', URL: 'nope' })).toThrow(/PORT[\s\S]*URL/)
  })

  it('treats an empty variable as not set', () => {
    expect(parseConfig(schema, { PORT: '', URL: 'http://a' })).toEqual({ PORT: 3000, URL: 'http://a' })
  })
})
