import { expect, it } from 'vitest'
import { assertImportStatus } from './assert-import-status.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')

function outcomeOf(status: number, retryAfter?: string): unknown {
  try {
    return assertImportStatus({ status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }, NOW)
  } catch (error) {
    const { code, retryAfterSec } = error as { code: string; retryAfterSec?: number }
    return retryAfterSec === undefined ? code : [code, retryAfterSec]
  }
}

it.each<[number, string | undefined, unknown]>([
  [200, undefined, undefined],
  [204, undefined, 'IMPORT_REFUSED'],
  [206, undefined, 'IMPORT_REFUSED'],
  [304, undefined, 'IMPORT_REFUSED'],
  [401, undefined, 'IMPORT_REFUSED'],
  [403, undefined, 'IMPORT_REFUSED'],
  [404, undefined, 'IMPORT_NOT_FOUND'],
  [410, undefined, 'IMPORT_NOT_FOUND'],
  [451, undefined, 'IMPORT_REFUSED'],
  [408, undefined, 'IMPORT_UNAVAILABLE'],
  [429, '7', ['IMPORT_UNAVAILABLE', 7]],
  [429, 'Sun, 01 Mar 2026 12:01:00 GMT', ['IMPORT_UNAVAILABLE', 60]],
  [429, 'soon', 'IMPORT_UNAVAILABLE'],
  [500, undefined, 'IMPORT_UNAVAILABLE'],
  [503, '120', ['IMPORT_UNAVAILABLE', 120]],
])('%i with Retry-After %s: %j', (status, retryAfter, expected) => {
  expect(outcomeOf(status, retryAfter)).toEqual(expected)
})
