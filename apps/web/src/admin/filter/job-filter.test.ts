import { describe, expect, test } from 'vitest'
import { parsePlainSearch, stringifyPlainSearch } from '../../routes/plain-search.ts'
import {
  DEFAULT_FILTER,
  filterOf,
  isNarrowed,
  type JobFilter,
  queryOf,
  requeueFilterOf,
  searchOf,
} from './job-filter.ts'
import { fromLocalInput, toLocalInput } from './time-range.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const PROJECT = '01980c5e-7d0a-7000-8000-0123456789ab'
const filter = (parts: Partial<JobFilter>): JobFilter => ({ ...DEFAULT_FILTER, ...parts })
const roundTrip = (value: JobFilter) => filterOf(parsePlainSearch(stringifyPlainSearch(searchOf(value))))

describe('a filter in the URL', () => {
  test.each([
    ['failed jobs, which need no words', filter({}), ''],
    ['all jobs', filter({ status: 'all' }), '?status=all'],
    ['a code and a project', filter({ code: 'TIMEOUT', projectId: PROJECT }), `?code=TIMEOUT&projectId=${PROJECT}`],
    ['the last day of deletions', filter({ name: 'asset.delete', time: '24h' }), '?name=asset.delete&time=24h'],
    [
      'an open range',
      filter({ time: 'between', after: '2026-01-01T00:00:00.000Z' }),
      '?time=between&after=2026-01-01T00%3A00%3A00.000Z',
    ],
  ])('comes back as it went: %s', (_, value, search) => {
    expect(stringifyPlainSearch(searchOf(value))).toBe(search)
    expect(roundTrip(value)).toEqual(value)
  })

  test.each([
    'status=no',
    'status=toString',
    'name=x',
    'projectId=1',
    'time=1y',
    'after=yesterday',
    'before=9',
    'foo=1',
  ])('is the default where it makes no sense: %s', search =>
    expect(filterOf(parsePlainSearch(search))).toEqual(DEFAULT_FILTER),
  )

  test('is narrowed by anything but the status', () => {
    expect(isNarrowed(filter({ status: 'all' }))).toBe(false)
    expect(isNarrowed(filter({ code: 'TIMEOUT' }))).toBe(true)
  })
})

describe('a filter for the API', () => {
  test('leaves out what filters nothing', () => {
    expect(queryOf(filter({ status: 'all' }), NOW)).toEqual({})
    expect(queryOf(filter({}), NOW)).toEqual({ status: 'failed' })
  })

  test('counts relative times from now', () => {
    expect(queryOf(filter({ time: '1h' }), NOW)).toEqual({
      status: 'failed',
      createdAfter: '2026-03-01T11:00:00.000Z',
    })
  })

  test('takes both ends of a range, and neither when another time is chosen', () => {
    const ends = { after: '2026-01-01T00:00:00.000Z', before: '2026-02-01T00:00:00.000Z' }
    const range = { createdAfter: ends.after, createdBefore: ends.before }
    expect(queryOf(filter({ time: 'between', ...ends }), NOW)).toMatchObject(range)
    expect(queryOf(filter({ time: 'any', ...ends }), NOW)).toEqual({ status: 'failed' })
  })

  test.each(['failed', 'cancelled'] as const)('names %s jobs for a bulk requeue', status => {
    expect(requeueFilterOf(filter({ status, code: 'TIMEOUT' }), NOW)).toEqual({ status, code: 'TIMEOUT' })
  })

  test.each(['all', 'queued', 'running', 'succeeded'] as const)('names no bulk requeue for %s', status => {
    expect(requeueFilterOf(filter({ status }), NOW)).toBeNull()
  })
})

describe('the inputs of a range', () => {
  test('show and give the same moment', () => {
    expect(fromLocalInput(toLocalInput('2026-03-01T12:34:00.000Z'))).toBe('2026-03-01T12:34:00.000Z')
  })

  test('are empty while there is no date', () => {
    expect(toLocalInput('')).toBe('')
    expect(fromLocalInput('')).toBe('')
  })
})
