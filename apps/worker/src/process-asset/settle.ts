import { errorCodesThat } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import { doomUnpublished, failPendingVariants } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import { dropObjectsOfAsset } from '@darkroom/db/deletion'
import { changeAssetOfRun, failAssetOfRun, setWarnings, toldWarnings } from '@darkroom/jobs/sql'
import type { WorkerSettings } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'
import { toResourceError } from '../resource-error.ts'
import { warningsOf } from './source-warnings.ts'

const WORTHLESS_SOURCE: ReadonlySet<string> = new Set(errorCodesThat('isSourceWorthless'))

/** Ends a first processing that failed. What is published from before stays published: a failed reprocess changes nothing. */
export async function failAsset(
  tx: Tx,
  run: Pick<Run, 'lease' | 'asset' | 'warnings'>,
  error: AppError,
  settings: Pick<WorkerSettings, 'failedSourceDays'>,
): Promise<void> {
  const { asset, lease } = run
  const resourceError = toResourceError(error)
  // Of what it did not get to, what was said before stands.
  const warnings = warningsOf({ asset, warnings: { ...run.warnings, leavesFiles: true } })
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
