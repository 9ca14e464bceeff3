import type { AppError } from '@darkroom/core'
import {
  type AssetRow,
  changeAssetOfRun,
  doomUnpublished,
  dropObjectsOfAsset,
  failAssetOfRun,
  failPendingVariants,
  type Lease,
  type Tx,
} from '@darkroom/db'
import type { WorkerSettings } from '../deps.ts'
import { toResourceError } from '../resource-error.ts'

/** Codes after which the bytes are of no use to anybody, so they are not kept for a requeue. */
const WORTHLESS_SOURCE: ReadonlySet<string> = new Set([
  'TYPE_MISMATCH',
  'UNRECOGNIZED_TYPE',
  'CHECKSUM_MISMATCH',
  'SOURCE_GONE',
  'CONTENT_BLOCKED',
])

/** Ends a first processing that failed. What is published from before stays published: a failed reprocess changes nothing. */
export async function failAsset(
  tx: Tx,
  lease: Lease,
  asset: AssetRow,
  error: AppError,
  settings: Pick<WorkerSettings, 'failedSourceDays'>,
): Promise<void> {
  const resourceError = toResourceError(error)
  await failPendingVariants(tx, asset.id, resourceError)
  await doomUnpublished(tx, asset.id)
  if (asset.status !== 'processing') {
    await changeAssetOfRun(tx, lease, { event: 'asset.reprocess_failed', data: { code: error.code } })
    return
  }
  const isWorthless = WORTHLESS_SOURCE.has(error.code)
  if (isWorthless) await dropObjectsOfAsset(tx, asset.id)
  await failAssetOfRun(tx, lease, {
    error: resourceError,
    keepSourceDays: isWorthless ? null : settings.failedSourceDays,
  })
}
