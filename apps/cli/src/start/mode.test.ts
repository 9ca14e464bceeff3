import { describe, expect, it } from 'vitest'
import { isLocalMode } from './mode.ts'

describe('isLocalMode', () => {
  it.each([
    [{}, true],
    [{ PORT: '4000', DATABASE_URL: '' }, true],
    [{ REDIS_URL: 'redis://127.0.0.1' }, true],
    [{ DATABASE_URL: 'postgres://db/x' }, false],
    [{ B2_BUCKET_NAME: 'mine' }, false],
    [{ PUBLIC_URL: 'https://media.example.com' }, false],
    [{ HOST: '0.0.0.0' }, false],
  ])('with %j is %s', (env, expected) => {
    expect(isLocalMode(env)).toBe(expected)
  })
})
