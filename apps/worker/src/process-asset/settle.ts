import { codesWhere, type ErrorCodeOf } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import { doomUnpublished, failPendingVariants } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import { dropObjectsOfAsset } from '@darkroom/db/deletion'
import { changeAssetOfRun, failAssetOfRun, setWarnings, toldWarnings } from '@darkroom/jobs/sql'
import type { WorkerSettings } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'
import { toResourceError } from '../resource-error.ts'
import { warningsOf } from './source-warnings.ts'

/** Codes after which the bytes are of no use to anybody, so they are not kept for a requeue. */
const WORTHLESS_SOURCE: ReadonlySet<string> = new Set(
  codesWhere({
    UNSUPPORTED_TYPE: false,
    TOO_LARGE: false,
    EMPTY_FILE: false,
    TYPE_MISMATCH: true,
    UNRECOGNIZED_TYPE: true,
    CHECKSUM_MISMATCH: true,
    CORRUPT_FILE: false,
    TRUNCATED_FILE: false,
    WARNING_REFUSED: false,
    TOO_MANY_PIXELS: false,
    TOO_MANY_FRAMES: false,
    TOO_LONG: false,
    TOO_MANY_STREAMS: false,
    TOO_MANY_PAGES: false,
    ENCRYPTED_DOCUMENT: false,
    ENCRYPTED_VIDEO: false,
    NO_DIMENSIONS: false,
    DECODER_UNAVAILABLE: false,
    SOURCE_GONE: true,
    QUARANTINED: false,
    CONTENT_BLOCKED: true,
  } satisfies Record<ErrorCodeOf<'content'>, boolean>),
)

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
