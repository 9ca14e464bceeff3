import type { Asset, Job, Variant } from '@darkroom/contracts'
import type { AssetView, JobRow } from '@darkroom/db'
import type { ApiSettings } from '../deps.ts'

const iso = (date: Date | null) => date?.toISOString() ?? null

const encodeKey = (key: string) => key.split('/').map(encodeURIComponent).join('/')

type ViewedVariant = AssetView['variants'][number]

/** Whether a browser reaches a variant without a key: it is in the public bucket, behind the CDN. */
export const isServed = (
  { cdnBaseUrl, publicBucket }: ApiSettings,
  { bucket }: Pick<ViewedVariant, 'bucket'>,
): boolean => cdnBaseUrl !== null && (bucket === publicBucket || publicBucket === null)

/** Where a variant is: at the CDN when that serves it, else our own route that redirects to a signed URL. */
export function variantUrl(settings: ApiSettings, assetId: string, variant: ViewedVariant): string | null {
  if (variant.status !== 'ready' || !variant.key) return null
  if (isServed(settings, variant)) return `${settings.cdnBaseUrl}/${encodeKey(variant.key)}`
  return `${settings.publicUrl()}/v1/assets/${assetId}/download?variant=${encodeURIComponent(variant.name)}`
}

function presentVariant(settings: ApiSettings, assetId: string, variant: AssetView['variants'][number]): Variant {
  const isReady = variant.status === 'ready'
  return {
    name: variant.name,
    required: variant.required,
    status: variant.status,
    url: variantUrl(settings, assetId, variant),
    contentType: variant.contentType,
    byteSize: isReady ? variant.byteSize : null,
    width: variant.width,
    height: variant.height,
    sha256: isReady ? variant.sha256 : null,
    ...(variant.error && { error: variant.error }),
  }
}

/** The representation that `api.md` promises. No signed URL is ever in it, so it can be stored and compared. */
export function presentAsset(settings: ApiSettings, { asset, preset, variants, job }: AssetView): Asset {
  return {
    id: asset.id,
    projectId: asset.projectId,
    externalId: asset.externalId,
    revision: asset.revision,
    status: asset.status,
    kind: asset.kind,
    filename: asset.filename,
    folder: asset.folder,
    contentType: asset.contentType,
    byteSize: asset.byteSize,
    sha256: asset.sha256,
    tags: asset.tags,
    metadata: asset.metadata,
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
    variants: variants.map(variant => presentVariant(settings, asset.id, variant)),
    job: job && {
      id: job.id,
      status: job.status,
      progress: job.progress,
      stage: job.stage,
      ...(job.error && { error: job.error }),
    },
    error: asset.error,
    createdAt: asset.createdAt.toISOString(),
    confirmedAt: iso(asset.confirmedAt),
    firstPreviewAt: iso(asset.firstPreviewAt),
    readyAt: iso(asset.readyAt),
    expiresAt: iso(asset.expiresAt),
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
