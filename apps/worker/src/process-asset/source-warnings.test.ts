import type { AssetWarning } from '@darkroom/contracts'
import { startFindings } from '@darkroom/jobs/findings'
import { describe, expect, it } from 'vitest'
import { failOn, knownWarnings, noteWarning, refuseWarnings } from './source-warnings.ts'

const NOTHING_BEFORE = { warnings: [] }

describe('the warnings of a run', () => {
  it('are one of each code, the first, with the message of the table', () => {
    const findings = startFindings()
    noteWarning(findings, { code: 'SOURCE_TRUNCATED', detail: '18 of 44 frames are whole' })
    noteWarning(findings, { code: 'SOURCE_TRUNCATED', detail: 'Another.' })
    expect(knownWarnings(findings, NOTHING_BEFORE, { leavesFiles: false })).toEqual([
      {
        code: 'SOURCE_TRUNCATED',
        message: 'The file is truncated. The part that exists was processed.',
        detail: '18 of 44 frames are whole',
      },
    ])
  })

  it('replace those of before when all is made anew, else come before those of other codes', () => {
    const before = {
      warnings: [
        { code: 'SOURCE_TRUNCATED', message: 'As it was.', detail: 'old' },
        { code: 'FONTS_MISSING', message: 'As it was.', detail: 'old' },
      ] as AssetWarning[],
    }
    for (const [leavesFiles, kept] of [
      [false, []],
      [true, [['FONTS_MISSING', 'old']]],
    ] as const) {
      const findings = startFindings()
      noteWarning(findings, { code: 'SOURCE_TRUNCATED', detail: 'new' })
      const known = knownWarnings(findings, before, { leavesFiles })
      expect(known.map(({ code, detail }) => [code, detail])).toEqual([['SOURCE_TRUNCATED', 'new'], ...kept])
    }
  })

  it('are errors where the preset or the project says so, which the error names', () => {
    const found = [{ code: 'COLOR_ASSUMED', message: '', detail: 'No profile.' }]
    expect(() => refuseWarnings(found, failOn({ preset: undefined, project: ['FONTS_MISSING'] }))).not.toThrow()
    expect(() => refuseWarnings(found, failOn({ preset: ['COLOR_ASSUMED'], project: [] }))).toThrow(
      expect.objectContaining({
        code: 'WARNING_REFUSED',
        message: 'The preset does not accept files with the warning COLOR_ASSUMED: No profile.',
      }),
    )
  })
})
