import type { CheckResult } from '@darkroom/core/checks'
import { expect, it } from 'vitest'
import { report } from './report.ts'

const amiss = (id: string, isRepairable: boolean): CheckResult => ({
  id,
  title: 'all is well',
  state: 'warning',
  seen: 'it is not',
  cause: 'Somebody changed it.',
  fix: 'Change it back.',
  isRepairable,
})

it('names once, at the end, what --fix repairs', () => {
  const results = [amiss('cors.upload', true), amiss('cors.etag', true), amiss('key.expiry', false)]
  const lines = report([{ group: 'Store', results }]).split('\n')
  expect(lines.filter(line => line.includes('--fix'))).toEqual([
    '  npx darkroom doctor --fix repairs cors.upload, cors.etag',
  ])
  expect(report([{ group: 'Store', results: [amiss('key.expiry', false)] }])).not.toContain('--fix')
})
