import { parseConfig } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POOL_MAX, QueueConfig, queueBackend } from './config.ts'

const DATABASE = { DATABASE_URL: 'postgres://app@db/darkroom' }

describe('QueueConfig', () => {
  it.each([
    'redis://localhost:6379',
    'rediss://:secret@cache.example:6380/1',
    'redis+sentinel://s1,s2/mymaster',
    'rediss+cluster://n1,n2',
  ])('takes Redis at %s', url => {
    expect(queueBackend(parseConfig(QueueConfig, { REDIS_URL: url }), DATABASE)).toEqual({ kind: 'redis', url })
  })

  it('takes the Postgres of the database without a REDIS_URL', () => {
    const config = parseConfig(QueueConfig, { REDIS_URL: '' })
    expect(queueBackend(config, DATABASE)).toEqual({
      kind: 'postgres',
      url: DATABASE.DATABASE_URL,
      poolMax: DEFAULT_POOL_MAX,
    })
  })

  it('takes a Postgres of several hosts for the rows only', () => {
    const several = { DATABASE_URL: 'postgres://app@one:5432,two:5432/darkroom' }
    const inPostgres = parseConfig(QueueConfig, {})
    expect(() => queueBackend(inPostgres, several)).toThrow('DATABASE_URL: the job queue in Postgres takes one host')
    expect(queueBackend(parseConfig(QueueConfig, { REDIS_URL: 'redis://r' }), several).kind).toBe('redis')
    const withComma = { DATABASE_URL: 'postgres://app:a,b@one/darkroom' }
    expect(queueBackend(inPostgres, withComma).kind).toBe('postgres')
  })

  it('takes the size of the pool', () => {
    const config = parseConfig(QueueConfig, { DATABASE_QUEUE_POOL_MAX: '25' })
    expect(queueBackend(config, DATABASE)).toMatchObject({ poolMax: 25 })
  })

  it.each([
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'localhost'],
    ['REDIS_URL', 'redis+sentinel://s1:26379'],
    ['REDIS_URL', 'redis+cluster://n1:6379/1'],
    ['DATABASE_QUEUE_POOL_MAX', '2'],
    ['DATABASE_QUEUE_POOL_MAX', 'many'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => parseConfig(QueueConfig, { [name]: value })).toThrow(`${name}: expected`)
  })

  it('reports every fault at once', () => {
    const read = () => parseConfig(QueueConfig, { REDIS_URL: 'x', DATABASE_QUEUE_POOL_MAX: 'y' })
    expect(read).toThrow(/REDIS_URL[\s\S]*DATABASE_QUEUE_POOL_MAX/)
  })
})
