import type { AssetSummary } from '@darkroom/contracts'
import type { AssetSummaryRow } from '@darkroom/db/assets'
import type { ApiSettings } from '../deps.ts'
import { progressOf, variantUrl } from './asset.ts'

/** Presents an asset as a list shows it. */
export function presentSummary(
  settings: ApiSettings,
  { asset, delivery, preview, job }: AssetSummaryRow,
): AssetSummary {
  const { createdAt, confirmedAt, readyAt, expiresAt, deleteAt, deletedAt, ...fields } = asset
  return {
    ...fields,
    preview: preview?.name
      ? {
          name: preview.name,
          url: variantUrl(settings, { asset, delivery }, preview),
          contentType: preview.contentType,
          width: preview.width,
          height: preview.height,
        }
      : null,
    progress: progressOf({ status: fields.status, deletedAt }, job),
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
    readyAt: readyAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    deleteAt: deleteAt?.toISOString() ?? null,
  }
}
