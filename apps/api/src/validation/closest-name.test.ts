import { describe, expect, it } from 'vitest'
import { closestName } from './closest-name.ts'

describe('closestName', () => {
  it.each([
    ['codee', ['code', 'name'], 'code'],
    ['dryrun', ['filter', 'dryRun'], 'dryRun'],
    ['fodler', ['folder', 'kind'], 'folder'],
    ['tags', ['tag', 'q'], 'tag'],
    ['created_after', ['createdAfter', 'createdBefore'], 'createdAfter'],
    ['x', ['q'], 'q'],
    ['banana', ['code', 'name'], null],
    ['code', [], null],
    ['c'.repeat(100_000), ['code'], null],
  ])('of %.20s among %j is %j', (written, names, expected) => {
    expect(closestName(written, names)).toBe(expected)
  })
})
