import { describe, expect, it } from 'vitest'
import { withSearchPath } from './postgres-pool.ts'

describe('withSearchPath', () => {
  it('adds the schema of BullMQ', () => {
    expect(withSearchPath('postgres://app:x@db:5432/darkroom?sslmode=require')).toEqual({
      connectionString: 'postgres://app:x@db:5432/darkroom?sslmode=require',
      options: '-c search_path=bullmq',
    })
  })

  it('keeps the options of the URL, which would else replace ours', () => {
    expect(withSearchPath('postgres://db/darkroom?options=-c%20statement_timeout%3D5s')).toEqual({
      connectionString: 'postgres://db/darkroom',
      options: '-c statement_timeout=5s -c search_path=bullmq',
    })
  })
})
