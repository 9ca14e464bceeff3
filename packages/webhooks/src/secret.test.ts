import { describe, expect, it } from 'vitest'
import { newSecret, openSecret, sealSecret } from './secret.ts'

const keeping = { endpointId: 'a', key: 'k'.repeat(32) }

describe('a secret', () => {
  it('is opened as it was sealed, and sealed differently each time', () => {
    const secret = newSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const kept = sealSecret(secret, keeping)
    expect(openSecret(kept, keeping)).toBe(secret)
    expect(sealSecret(secret, keeping)).not.toBe(kept)
    expect(kept).not.toContain(secret.slice(6, 20))
  })

  it.each<[string, (kept: string) => string, Partial<typeof keeping>]>([
    ['with another key', kept => kept, { key: 'x'.repeat(32) }],
    ['for another endpoint', kept => kept, { endpointId: 'b' }],
    ['when it was changed', kept => kept.replace(/.$/, last => (last === 'A' ? 'B' : 'A')), {}],
    ['when it was cut', kept => kept.slice(0, 10), {}],
    ['when it is of another version', kept => kept.replace('v1', 'v2'), {}],
    ['when it is nothing', () => '', {}],
  ])('is not opened %s', (_, change, other) => {
    const kept = change(sealSecret(newSecret(), keeping))
    expect(() => openSecret(kept, { ...keeping, ...other })).toThrow(
      expect.objectContaining({ code: 'WEBHOOK_SECRET_UNREADABLE' }),
    )
  })
})
