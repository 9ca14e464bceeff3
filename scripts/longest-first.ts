import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What waits longest for real processes, by file name; measured in CI. */
const LONGEST = [
  ...['chaos/test/smoke', 'e2e/process-life', 'chaos/test/backfill', 'e2e/page', 'e2e/media', 'e2e/security'],
  ...[
    'packages/media/test/video-render',
    'apps/worker/test/backfill',
    'apps/worker/test/move',
    'packages/media/test/sandbox-tree',
  ],
]

/** Begins with the files that take longest, so that none of them runs alone in the end. A fresh clone knows no times of its own. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const file = path.relative(project.globalConfig.root, moduleId)
  const at = LONGEST.findIndex(name => file.startsWith(`${name}.test.`))
  return at === -1 ? LONGEST.length : at
}
