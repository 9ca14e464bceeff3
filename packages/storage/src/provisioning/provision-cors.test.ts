import { describe, expect, it } from 'vitest'
import { corsRules } from './provision-cors.ts'
import { diffRules } from './provision-rules.ts'

describe('corsRules', () => {
  it('allows uploads and reads from the given origins', () => {
    expect(corsRules({ bucket: 'b', origins: ['https://app.example.com'] })).toEqual([
      {
        ID: 'darkroom-cors-1',
        AllowedOrigins: ['https://app.example.com'],
        AllowedMethods: ['GET', 'HEAD', 'PUT'],
        AllowedHeaders: ['content-type', 'range'],
        ExposeHeaders: ['etag'],
        MaxAgeSeconds: 3600,
      },
    ])
  })

  it('splits many origins into rules under 1000 bytes and loses none', () => {
    const origins = Array.from({ length: 200 }, (_, index) => `https://customer-${index}.example.com`)
    const rules = corsRules({ bucket: 'b', origins })
    expect(rules.flatMap(rule => rule.AllowedOrigins)).toEqual(origins)
    for (const rule of rules) expect(JSON.stringify(rule).length).toBeLessThan(1000)
  })

  it.each([[[]], [['app.example.com']], [['https://a.example/path']], [['']]])('refuses %j', origins => {
    expect(() => corsRules({ bucket: 'b', origins })).toThrow(/origins/)
  })
})

describe('diffRules', () => {
  const foreign = { ID: 'theirs', Days: 1 }
  const ours = { ID: 'darkroom-a', Days: 2 }

  it('keeps foreign rules and replaces ours', () => {
    expect(diffRules([foreign, { ID: 'darkroom-old', Days: 9 }], [ours])).toMatchObject({
      planned: [foreign, ours],
      changed: true,
    })
  })

  it('keeps a foreign rule that has no id', () => {
    expect(diffRules<{ ID?: string; Days: number }>([{ Days: 3 }], [ours]).planned).toEqual([{ Days: 3 }, ours])
  })

  it('sees no change in another order', () => {
    expect(diffRules([ours, foreign], [ours]).changed).toBe(false)
  })
})
