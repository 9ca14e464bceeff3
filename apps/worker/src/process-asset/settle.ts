import { errorCodesThat } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import { doomUnpublished, failPendingVariants } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import { dropObjectsOfAsset } from '@darkroom/db/deletion'
import type { Findings } from '@darkroom/jobs/findings'
import type { Run } from '@darkroom/jobs/handler'
import { toResourceError } from '@darkroom/jobs/runner'
import { changeAssetOfRun, failAssetOfRun, setWarnings, toldWarnings } from '@darkroom/jobs/sql'
import type { WorkerSettings } from '../deps.ts'
import { knownWarnings } from './source-warnings.ts'

const WORTHLESS_SOURCE: ReadonlySet<string> = new Set(errorCodesThat('isSourceWorthless'))

/** Ends a first processing that failed. What is published from before stays published: a failed reprocess changes nothing. */
export async function failAsset(
  tx: Tx,
  { asset, lease }: Pick<Run, 'lease' | 'asset'>,
  error: AppError,
  findings: Pick<Findings, 'warnings'>,
  settings: Pick<WorkerSettings, 'failedSourceDays'>,
): Promise<void> {
  const resourceError = toResourceError(error)
  // Of what it did not get to, what was said before stands.
  const warnings = knownWarnings(findings, asset, { leavesFiles: true })
  await failPendingVariants(tx, asset.id, resourceError)
  await doomUnpublished(tx, asset.id)
  if (asset.status !== 'processing') {
    await changeAssetOfRun(tx, lease, {
      set: setWarnings(warnings),
      event: 'asset.reprocess_failed',
      data: { code: error.code, ...toldWarnings(warnings) },
    })
    return
  }
  const isWorthless = WORTHLESS_SOURCE.has(error.code)
  if (isWorthless) await dropObjectsOfAsset(tx, asset.id)
  await failAssetOfRun(tx, lease, {
    error: resourceError,
    warnings,
    keepSourceDays: isWorthless ? null : settings.failedSourceDays,
  })
}
