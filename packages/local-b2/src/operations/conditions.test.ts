import { expect, test } from 'vitest'
import { type Conditions, evaluateConditions } from './conditions.ts'

const createdAt = Date.parse('2026-01-02T03:04:05.678Z')
const none = { ifMatch: undefined, ifNoneMatch: undefined, ifModifiedSince: undefined, ifUnmodifiedSince: undefined }
const same = new Date(createdAt).toUTCString()
const earlier = new Date(createdAt - 1000).toUTCString()

test.each<[Partial<Conditions>, string]>([
  [{}, 'holds'],
  [{ ifMatch: '"abc"' }, 'holds'],
  [{ ifMatch: 'x, "abc"' }, 'holds'],
  [{ ifMatch: '*' }, 'holds'],
  [{ ifMatch: '"x"' }, 'failed'],
  [{ ifNoneMatch: '"abc"' }, 'unchanged'],
  [{ ifNoneMatch: 'W/"abc"' }, 'unchanged'],
  [{ ifNoneMatch: '"x"' }, 'holds'],
  [{ ifModifiedSince: same }, 'unchanged'],
  [{ ifModifiedSince: earlier }, 'holds'],
  [{ ifUnmodifiedSince: same }, 'holds'],
  [{ ifUnmodifiedSince: earlier }, 'failed'],
  [{ ifMatch: '"abc"', ifUnmodifiedSince: earlier }, 'holds'],
  [{ ifNoneMatch: '"x"', ifModifiedSince: same }, 'holds'],
  [{ ifModifiedSince: 'no date' }, 'holds'],
])('decides %j', (conditions, outcome) => {
  expect(evaluateConditions({ ...none, ...conditions }, { etag: 'abc', createdAt })).toBe(outcome)
})
