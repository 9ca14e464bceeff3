import { crashOfWorkers } from './crash.ts'
import type { Scenario } from './scenario.ts'

const SETTLES = 'another worker finishes; nothing lost, nothing twice, nothing left behind'

/** kill -9 at every moment between two writes that belong together. */
export const workerCrashes: readonly Scenario[] = [
  crashOfWorkers({
    number: 5,
    name: 'dispatcher dies between mark and publish',
    fault: 'kill -9 of the leading dispatcher after it marked a row, or after it added the entry',
    expected: 'the row is dispatched again; a second entry finds the row taken',
    points: ['dispatch.after-mark', 'dispatch.after-add'],
  }),
  crashOfWorkers({
    number: 6,
    name: 'worker dies in a download',
    fault: 'kill -9 of the worker after its claim, in the middle or at the end of the download',
    expected: `${SETTLES}; its files are removed at the next start`,
    points: ['download.middle', 'download.done', 'claim.after-commit'],
  }),
  crashOfWorkers({
    number: 7,
    name: 'worker dies in a transform',
    fault: 'kill -9 of the worker while its media process decodes',
    expected: `${SETTLES}; the media process dies with it`,
    points: ['render.middle', 'plan.after-commit'],
  }),
  crashOfWorkers({
    number: 8,
    name: 'worker dies between PUT and commit',
    fault: 'kill -9 of the worker after it wrote a variant or the original, before the row says so',
    expected: 'what was written is removed, and made again under another key',
    points: ['variant.after-put', 'promote.after-copy'],
  }),
  crashOfWorkers({
    number: 9,
    name: 'worker dies between commit and end of job',
    fault: 'kill -9 of the worker after a variant, the original or the result was committed',
    expected: 'what stands is reused; a finished job is not run again',
    points: ['variant.after-commit', 'promote.after-commit', 'final.before-commit', 'final.after-commit'],
  }),
]
