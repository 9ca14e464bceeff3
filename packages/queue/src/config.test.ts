import { ConfigError, parseConfig } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POOL_MAX, QueueConfig, queueBackend } from './config.ts'

const DATABASE_URL = 'postgres://app@db/darkroom'

describe('QueueConfig', () => {
  it.each(['redis://localhost:6379', 'rediss://:secret@cache.example:6380/1'])('takes Redis at %s', url => {
    expect(queueBackend(parseConfig(QueueConfig, { REDIS_URL: url, DATABASE_URL }))).toEqual({ kind: 'redis', url })
  })

  it.each(['postgres://app@db/darkroom', 'postgresql://app:x@db:5433/darkroom?sslmode=require'])(
    'takes Postgres at %s without a REDIS_URL',
    url => {
      const config = parseConfig(QueueConfig, { REDIS_URL: '', DATABASE_URL: url })
      expect(queueBackend(config)).toEqual({ kind: 'postgres', url, poolMax: DEFAULT_POOL_MAX })
    },
  )

  it('takes the size of the pool', () => {
    const config = parseConfig(QueueConfig, { DATABASE_URL, DATABASE_QUEUE_POOL_MAX: '25' })
    expect(queueBackend(config)).toMatchObject({ poolMax: 25 })
  })

  it.each([
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'localhost'],
    ['DATABASE_URL', 'mysql://db/darkroom'],
    ['DATABASE_QUEUE_POOL_MAX', '2'],
    ['DATABASE_QUEUE_POOL_MAX', 'many'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => parseConfig(QueueConfig, { DATABASE_URL, [name]: value })).toThrow(`${name}: expected`)
  })

  it('reports every fault at once', () => {
    const read = () => parseConfig(QueueConfig, { REDIS_URL: 'x', DATABASE_URL: 'y' })
    expect(read).toThrow(/REDIS_URL[\s\S]*DATABASE_URL/)
  })

  it('refuses a configuration that names no backend', () => {
    expect(() => queueBackend(parseConfig(QueueConfig, {}))).toThrow(ConfigError)
  })
})
