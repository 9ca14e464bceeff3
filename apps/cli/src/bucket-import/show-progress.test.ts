import { expect, it, vi } from 'vitest'
import { showProgress } from './show-progress.ts'

it('prints keys as JSON without a character that a terminal obeys', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const { report, end } = showProgress({ json: true })
  report({ outcome: 'skipped', key: 'a\u009b2J\u202eb.jpg' })
  end()
  expect(log.mock.calls).toEqual([['{"outcome":"skipped","key":"a\\u009b2J\\u202eb.jpg"}']])
  log.mockRestore()
})
