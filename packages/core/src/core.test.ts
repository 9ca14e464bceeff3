import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseConfig, parseConfigs } from './config.ts'
import { withCorrelation } from './correlation.ts'
import { createLogger, redact } from './logger.ts'

describe('redact', () => {
  it.each([
    ['https://s3/x?X-Amz-Signature=abc123&y=1', 'https://s3/x?X-Amz-Signature=[redacted]&y=1'],
    ['Bearer dk_abcdefgh_0123456789012345678901234567890123456789012', 'Bearer dk_abcdefgh_[redacted]'],
    ['secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw= of', 'secret whsec_[redacted] of'],
    [`GET /v/${'x'.repeat(94)}/thumb.webp`, 'GET /v/[redacted]/thumb.webp'],
    [`GET /s/${'x'.repeat(43)}`, 'GET /s/[redacted]'],
    ['postgres://user:hunter2@db/x', 'postgres://user:[redacted]@db/x'],
    [
      'redis+sentinel://:a@s1,s2/m?sentinel_password=b',
      'redis+sentinel://:[redacted]@s1,s2/m?sentinel_password=[redacted]',
    ],
  ])('hides the secret in %s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  it('leaves ordinary text alone', () => {
    expect(redact('asset 0190 is ready in 12 ms')).toBe('asset 0190 is ready in 12 ms')
  })
})

describe('a logger', () => {
  const lines: Record<string, unknown>[] = []
  const logger = createLogger('test', 'info', line => lines.push(JSON.parse(line)))
  beforeEach(() => {
    lines.length = 0
  })

  it('writes what the work belongs to into each line, also into those of what it awaits', async () => {
    await withCorrelation({ requestId: 'r-1', jobId: 'j-1' }, async () => {
      logger.info('first')
      await setImmediate()
      logger.child({ part: 'media' }).warn({ jobId: 'j-2' }, 'second')
    })
    logger.info('third')
    expect(lines).toMatchObject([
      { msg: 'first', requestId: 'r-1', jobId: 'j-1' },
      { msg: 'second', requestId: 'r-1', jobId: 'j-2', part: 'media' },
      { msg: 'third' },
    ])
    expect(lines[2]).not.toHaveProperty('requestId')
  })
})

describe('parseConfigs', () => {
  const schemas = {
    edge: z.object({ PORT: z.coerce.number({ error: 'expected a port' }).default(3000), URL: z.url('expected a URL') }),
    store: z.object({ BUCKET: z.string('expected a bucket'), URL: z.url('expected a URL') }),
  }

  it('reads each configuration', () => {
    expect(parseConfigs(schemas, { URL: 'http://a', BUCKET: 'b' })).toEqual({
      edge: { PORT: 3000, URL: 'http://a' },
      store: { BUCKET: 'b', URL: 'http://a' },
    })
  })

  it('reports the faults of all of them together, and one that they share once', () => {
    const faults = ['PORT: expected a port, not "x"', 'URL: expected a URL, not "nope"', 'BUCKET: expected a bucket']
    expect(() => parseConfigs(schemas, { PORT: 'x', URL: 'nope' })).toThrow(expect.objectContaining({ faults }))
  })
})

describe('parseConfig', () => {
  const schema = z.object({ PORT: z.coerce.number().int().default(3000), URL: z.url() })

  it('reports every fault with the name of its variable', () => {
    expect(() => parseConfig(schema, { PORT: 'x', URL: 'nope' })).toThrow(/PORT[\s\S]*URL/)
  })

  it.each([
    ['PORT', 'abc', 'PORT: expected a number, not "abc"'],
    ['PORT', '1.5', 'PORT: expected a whole number, not "1.5"'],
    ['PORT', '99999', 'PORT: expected at most 65535, not "99999"'],
    ['PORT', '0', 'PORT: expected at least 1, not "0"'],
    ['SHARE', '0', 'SHARE: expected more than 0, not "0"'],
    ['LEVEL', 'loud', 'LEVEL: expected one of low, high, not "loud"'],
    ['URL', 'here', 'URL: expected a URL, not "here"'],
    ['URL', 'user:password@here', 'URL: expected a URL'],
    ['URL', 'redis+x://s1?sentinel_password=y', 'URL: expected a URL'],
    ['API_KEY', 'short', 'API_KEY: expected at least 9 characters'],
  ])('says what was expected of %s instead of %s', (name, value, fault) => {
    const plain = z.object({
      PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
      SHARE: z.coerce.number().positive().default(1),
      LEVEL: z.enum(['low', 'high']).default('low'),
      URL: z.url({ protocol: /^https?$/ }).default('http://a'),
      API_KEY: z.string().min(9).optional(),
    })
    expect(() => parseConfig(plain, { [name]: value })).toThrow(expect.objectContaining({ faults: [fault] }))
  })

  it('counts in plain words and says what to do', () => {
    expect(() => parseConfig(schema, { URL: 'nope' })).toThrow(/^The configuration has 1 fault:\n.*\nCorrect it/)
    expect(() => parseConfig(schema, { PORT: 'x' })).toThrow(/^The configuration has 2 faults:\n/)
  })

  it('treats an empty variable as not set', () => {
    expect(parseConfig(schema, { PORT: '', URL: 'http://a' })).toEqual({ PORT: 3000, URL: 'http://a' })
  })
})
