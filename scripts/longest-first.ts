import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes longest, by file name; measured in CI. What works and what waits come by turns, for they run side by side.
 */
const LONGEST = [
  'chaos/test/smoke',
  'apps/worker/test/import',
  'e2e/process-life',
  'packages/storage/test/s3-store-faults',
  'chaos/test/backfill',
  'apps/worker/test/lifecycle',
  'bench/test/compare',
  'e2e/page',
  'packages/db/test/silence',
  'apps/cli/test/startup',
  'packages/media/test/video-render',
  'packages/media/test/audio-encode',
  'apps/worker/test/gone-workers',
  'e2e/media',
  'apps/worker/test/backfill',
  'e2e/security',
  'packages/media/test/video-hostile',
  'apps/worker/test/project-deletion',
  'e2e/restarts',
  'packages/media/test/sandbox-defences',
  'apps/worker/test/move',
  'packages/media/test/sandbox-tree',
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
