import { expect, it } from 'vitest'
import type { TestSpecification } from 'vitest/node'
import { compareFiles } from './longest-first.ts'

const ROOT = '/checkout'

/** What the order is made of. */
const file = (project: string, path: string) =>
  ({ moduleId: `${ROOT}/${path}`, project: { name: project, globalConfig: { root: ROOT } } }) as TestSpecification

it('has one project after the other, each with its longest files first', () => {
  const files = [
    file('integration', 'packages/db/test/folders.test.ts'),
    file('e2e', 'e2e/docs.test.ts'),
    file('integration', 'apps/worker/test/import.test.ts'),
    file('e2e', 'chaos/test/smoke.test.ts'),
  ]
  const sorted = files.toSorted(compareFiles).map(({ moduleId }) => moduleId.slice(ROOT.length + 1))
  expect(sorted).toEqual([
    'chaos/test/smoke.test.ts',
    'e2e/docs.test.ts',
    'apps/worker/test/import.test.ts',
    'packages/db/test/folders.test.ts',
  ])
})
