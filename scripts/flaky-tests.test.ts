import { expect, it } from 'vitest'
import { flakyTests } from './flaky-tests.ts'

const run = (...failed: string[]) => ({
  testResults: [
    {
      name: '/repo/a.test.ts',
      status: failed.length > 0 ? 'failed' : 'passed',
      assertionResults: ['one', 'two'].map(fullName => ({
        fullName,
        status: failed.includes(fullName) ? 'failed' : 'passed',
      })),
    },
  ],
})

it('counts in how many runs each test failed, the worst first', () => {
  expect(flakyTests([run('two'), run(), run('one', 'two')], '/repo')).toEqual([
    { name: 'a.test.ts > two', failed: 2, runs: 3 },
    { name: 'a.test.ts > one', failed: 1, runs: 3 },
  ])
})

it('counts a file that could not be loaded as itself', () => {
  const broken = { testResults: [{ name: '/repo/b.test.ts', status: 'failed', assertionResults: [] }] }
  expect(flakyTests([broken], '/repo')).toEqual([{ name: 'b.test.ts', failed: 1, runs: 1 }])
})
