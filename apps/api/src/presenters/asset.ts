import {
  type Asset,
  detailsOf,
  type Job,
  SETTLED_ASSET_STATUSES,
  SETTLED_JOB_STATUSES,
  type Variant,
} from '@darkroom/contracts'
import type { AssetRecord } from '@darkroom/db/assets'
import type { JobRow } from '@darkroom/db/jobs'
import type { ApiDeps, ApiSettings } from '../deps.ts'

const iso = (date: Date | null) => date?.toISOString() ?? null

const encodeKey = (key: string) => key.split('/').map(encodeURIComponent).join('/')

/** Returns the CDN for a variant that everybody may see: the project's, else the installation's; null without one. */
function cdnOf(
  { cdnBaseUrl, publicBucket }: ApiSettings,
  { delivery }: Pick<AssetRecord, 'delivery'>,
  variant: Pick<VariantRecord, 'bucket'>,
): string | null {
  const isPublished = publicBucket === null ? !delivery.isPrivate : variant.bucket === publicBucket
  return isPublished ? (delivery.cdnBaseUrl ?? cdnBaseUrl) : null
}

/** Tells whether a browser reaches a variant without a key. */
export const isServed = (settings: ApiSettings, record: AssetRecord, variant: VariantRecord): boolean =>
  cdnOf(settings, record, variant) !== null

/** Returns the URL of a variant: at the CDN when that serves it, else our own route that redirects to a signed URL. */
export function variantUrl(
  settings: ApiSettings,
  record: Pick<AssetRecord, 'delivery'> & { asset: Pick<AssetRecord['asset'], 'id'> },
  variant: Pick<VariantRecord, 'name' | 'status' | 'bucket' | 'key'>,
): string | null {
  if (variant.status !== 'ready' || !variant.key) return null
  const cdnBaseUrl = cdnOf(settings, record, variant)
  if (cdnBaseUrl !== null) return `${cdnBaseUrl}/${encodeKey(variant.key)}`
  return `${settings.publicUrl()}/v1/assets/${record.asset.id}/download?variant=${encodeURIComponent(variant.name)}`
}

type VariantRecord = AssetRecord['variants'][number]

function presentVariant(settings: ApiSettings, record: AssetRecord, variant: VariantRecord): Variant {
  const isReady = variant.status === 'ready'
  return {
    name: variant.name,
    required: variant.required,
    status: variant.status,
    url: variantUrl(settings, record, variant),
    contentType: variant.contentType,
    byteSize: isReady ? variant.byteSize : null,
    width: variant.width,
    height: variant.height,
    sha256: isReady ? variant.sha256 : null,
    ...(variant.error && { error: variant.error }),
  }
}

/** Tells whether an asset is shown to nobody any more: its objects are deleted, or it was taken down. */
export const isGone = ({ purgedAt, takenDownAt, status }: AssetRecord['asset']): boolean =>
  purgedAt !== null || takenDownAt !== null || status === 'deleted'

/** Tells whether nothing more happens by itself. A finished asset that is processed again is not settled. */
export const isSettled = (
  { status }: Pick<AssetRecord['asset'], 'status'>,
  job: Pick<JobRow, 'status'> | null,
): boolean => SETTLED_ASSET_STATUSES.includes(status) && (!job || SETTLED_JOB_STATUSES.includes(job.status))

type PresenterDeps = Pick<ApiDeps, 'settings' | 'eta'>

/** Tells whether the bytes are still being imported. The duration of the processing that follows is unknown then. */
const isFetched = (job: Pick<JobRow, 'name'> | null): boolean => job?.name === 'asset.import'

type WorkedOn = Pick<AssetRecord['asset'], 'status' | 'deletedAt'>
type Work = Pick<JobRow, 'name' | 'status' | 'progress'> | null

const isProcessedAgain = (asset: WorkedOn, job: Work): boolean =>
  job?.name === 'asset.process' && !asset.deletedAt && !isSettled(asset, job)

/**
 * Returns how much of the processing is done, from 0 to 1. An asset that waits in a queue, or for its bytes, is at 0.
 */
export function progressOf(asset: WorkedOn, job: Work): number {
  if (asset.status === 'awaiting_upload') return 0
  if (asset.status !== 'processing' && !isProcessedAgain(asset, job)) return 1
  return !job || job.status === 'queued' || isFetched(job) ? 0 : job.progress
}

/** Presents an asset as OpenAPI promises. It never contains a signed URL, so that it can be stored and compared. */
export function presentAsset({ settings, eta }: PresenterDeps, record: AssetRecord): Asset {
  const { asset, preset, variants, job } = record
  return {
    id: asset.id,
    projectId: asset.projectId,
    revision: asset.revision,
    status: asset.status,
    kind: asset.kind,
    filename: asset.filename,
    contentType: asset.contentType,
    byteSize: asset.byteSize,
    sha256: asset.sha256,
    ...detailsOf(asset),
    width: asset.width,
    height: asset.height,
    durationMs: asset.durationMs,
    pageCount: asset.pageCount,
    animated: asset.animated,
    placeholder: asset.placeholder,
    facts: asset.facts,
    preset,
    original:
      asset.originalObjectId && !asset.deletedAt
        ? { downloadUrl: `${settings.publicUrl()}/v1/assets/${asset.id}/download` }
        : null,
    variants: variants.map(variant => presentVariant(settings, record, variant)),
    job: job && {
      id: job.id,
      status: job.status,
      progress: job.progress,
      stage: job.stage,
      ...(job.error && { error: job.error }),
    },
    progress: progressOf(asset, job),
    estimatedReadyAt: isFetched(job) ? null : iso(eta.readyAt(asset, job)),
    error: asset.error,
    warnings: asset.warnings,
    createdAt: asset.createdAt.toISOString(),
    confirmedAt: iso(asset.confirmedAt),
    firstPreviewAt: iso(asset.firstPreviewAt),
    readyAt: iso(asset.readyAt),
    expiresAt: iso(asset.expiresAt),
    deleteAt: iso(asset.deleteAt),
    sourceExpiresAt: iso(asset.sourceExpiresAt),
  }
}

export function presentJob(job: JobRow): Job {
  return {
    id: job.id,
    assetId: job.assetId,
    name: job.name,
    lane: job.lane,
    status: job.status,
    progress: job.progress,
    stage: job.stage,
    attempt: job.attempt,
    maxAttempts: job.maxAttempts,
    availableAt: job.availableAt.toISOString(),
    error: job.error,
    queuedAt: job.createdAt.toISOString(),
    startedAt: iso(job.startedAt),
    finishedAt: iso(job.finishedAt),
  }
}
