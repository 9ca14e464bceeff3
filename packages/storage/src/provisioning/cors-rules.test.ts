import { describe, expect, it } from 'vitest'
import { areSameRules, corsRules, UPLOAD_OPERATIONS } from './cors-rules.ts'

describe('corsRules', () => {
  it('allows uploads and reads from the given origins', () => {
    expect(corsRules(['https://app.example.com'], UPLOAD_OPERATIONS)).toEqual([
      {
        name: 'darkroom-cors-1',
        origins: ['https://app.example.com'],
        operations: ['s3_get', 's3_head', 's3_put'],
        allowedHeaders: ['content-type', 'range'],
        exposeHeaders: ['etag'],
        maxAgeSec: 3600,
      },
    ])
  })

  it('splits many origins into rules under 1000 bytes and loses none', () => {
    const origins = Array.from({ length: 200 }, (_, index) => `https://customer-${index}.example.com`)
    const rules = corsRules(origins, UPLOAD_OPERATIONS)
    expect(rules.flatMap(rule => rule.origins)).toEqual(origins)
    for (const rule of rules) expect(JSON.stringify(rule).length).toBeLessThan(1000)
  })

  it.each([[[]], [['app.example.com']], [['https://a.example/path']], [['']]])('refuses %j', origins => {
    expect(() => corsRules(origins, UPLOAD_OPERATIONS)).toThrow(/origins/)
  })
})

it('sees no difference in another order or in the case of header names', () => {
  const [rule] = corsRules(['https://a.example', 'https://b.example'], UPLOAD_OPERATIONS)
  if (!rule) throw new Error('there is a rule')
  const answered = { ...rule, origins: rule.origins.toReversed(), allowedHeaders: ['Range', 'Content-Type'] }
  expect(areSameRules([rule], [answered])).toBe(true)
  expect(areSameRules([rule], [{ ...answered, maxAgeSec: 60 }])).toBe(false)
  expect(areSameRules([rule], [])).toBe(false)
})
