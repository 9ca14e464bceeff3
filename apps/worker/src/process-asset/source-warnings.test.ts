import type { AssetRow } from '@darkroom/db/assets'
import { describe, expect, it } from 'vitest'
import type { Run } from '../handlers/handler.ts'
import { failOn, noteWarning, refuseWarnings, warningsOf } from './source-warnings.ts'

const runWith = (before: [code: string, detail: string][], leavesFiles: boolean): Pick<Run, 'warnings' | 'asset'> => ({
  warnings: { found: [], leavesFiles },
  asset: { warnings: before.map(([code, detail]) => ({ code, message: 'As it was.', detail })) } as AssetRow,
})
const detailsOf = (run: Pick<Run, 'warnings' | 'asset'>) => warningsOf(run).map(({ code, detail }) => [code, detail])

describe('the warnings of a run', () => {
  it('are one of each code, the first, with the message of the table', () => {
    const run = runWith([], false)
    noteWarning(run, { code: 'SOURCE_TRUNCATED', detail: '18 of 44 frames are whole' })
    noteWarning(run, { code: 'SOURCE_TRUNCATED', detail: 'Another.' })
    expect(warningsOf(run)).toEqual([
      {
        code: 'SOURCE_TRUNCATED',
        message: 'The file is truncated. The part that exists was processed.',
        detail: '18 of 44 frames are whole',
      },
    ])
  })

  it('replace those of before when all is made anew, else come before those of other codes', () => {
    const before: [string, string][] = [
      ['SOURCE_TRUNCATED', 'old'],
      ['FONTS_MISSING', 'old'],
    ]
    for (const [leavesFiles, kept] of [
      [false, []],
      [true, [['FONTS_MISSING', 'old']]],
    ] as const) {
      const run = runWith(before, leavesFiles)
      noteWarning(run, { code: 'SOURCE_TRUNCATED', detail: 'new' })
      expect(detailsOf(run)).toEqual([['SOURCE_TRUNCATED', 'new'], ...kept])
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
