import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes longest, by file name; measured in CI. What works and what waits come by turns, for they run side by side.
 */
const LONGEST = [
  'chaos/test/smoke',
  'e2e/process-life',
  'chaos/test/backfill',
  'e2e/page',
  'e2e/media',
  'e2e/page-progress',
  'e2e/configured',
  'e2e/security',
  'e2e/admin-page',
  'e2e/listings',
  'e2e/admin-panels',
  'e2e/page-resume',
  'e2e/first-start',
  'e2e/page-media',
  'e2e/restarts',
  'packages/media/test/video-render',
  'apps/worker/test/import',
  'packages/db/test/silence',
  'apps/worker/test/lifecycle',
  'bench/test/compare',
  'apps/worker/test/gone-workers',
  'packages/media/test/audio-encode',
  'apps/cli/test/startup',
  'apps/worker/test/backfill',
  'packages/storage/test/s3-store-faults',
  'apps/worker/test/move',
  'packages/media/test/sandbox-defences',
  'apps/worker/test/project-deletion',
  'packages/media/test/sandbox-tree',
  'packages/media/test/video-colors',
  'packages/media/test/video-facts',
  'packages/media/test/audio-loudness',
  'packages/media/test/video-hostile',
  'apps/cli/test/projects',
]

/** Of each project the files that take longest, so that none of them runs alone in the end. A fresh clone knows no times of its own. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted(compareFiles)
  }
}

/**
 * Compares two test files: by project, then by what takes longest. vitest ends a process whose next file is of another
 * project, and a new one takes up to two seconds of CPU to load what it tests.
 */
export const compareFiles = (a: TestSpecification, b: TestSpecification): number =>
  a.project.name.localeCompare(b.project.name) || rank(a) - rank(b)

function rank({ moduleId, project }: TestSpecification): number {
  const file = path.relative(project.globalConfig.root, moduleId)
  const at = LONGEST.findIndex(name => file.startsWith(`${name}.test.`))
  return at === -1 ? LONGEST.length : at
}
