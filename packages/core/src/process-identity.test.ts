import { spawnSync } from 'node:child_process'
import { afterEach, expect, it, vi } from 'vitest'
import { fromPs } from './process-identity.ts'

/** A minimal Linux has none, and does not need it. */
const hasPs = spawnSync('ps').status === 0

afterEach(() => vi.unstubAllEnvs())

it.skipIf(!hasPs)('is the same by ps in every time zone: a laptop that travels has the same processes', () => {
  vi.stubEnv('TZ', 'Asia/Tokyo')
  const identity = fromPs(process.pid)
  expect(identity).toMatch(new RegExp(`^${process.pid} \\w+`))
  vi.stubEnv('TZ', 'America/New_York')
  expect(fromPs(process.pid)).toBe(identity)
})
