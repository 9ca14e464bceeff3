import { newId } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { readPayload } from './payload.ts'

const jobId = newId()
const MINUTE = 60_000

describe('readPayload', () => {
  it('runs a payload of this version', () => {
    expect(readPayload({ v: 1, jobId }, 0)).toEqual({ type: 'run', payload: { v: 1, jobId } })
  })

  it.each([
    ['a newer version', { v: 2, jobId }, 0, 'handBack'],
    ['a newer version with other fields', { v: 3, id: 7 }, 9 * MINUTE, 'handBack'],
    ['a newer version after ten minutes', { v: 2, jobId }, 10 * MINUTE, 'drop'],
    ['an older version', { v: 0, jobId }, 0, 'drop'],
    ['this version without an id', { v: 1 }, 0, 'drop'],
    ['this version with a field too many', { v: 1, jobId, url: 'x' }, 0, 'drop'],
    ['a version that is no whole number', { v: 1.5, jobId }, 0, 'drop'],
    ['a version as text', { v: '2', jobId }, 0, 'drop'],
    ['nothing', undefined, 0, 'drop'],
    ['a text', 'v2', 0, 'drop'],
  ])('does not run %s', (_title, data, ageMs, type) => {
    expect(readPayload(data, ageMs).type).toBe(type)
  })
})
