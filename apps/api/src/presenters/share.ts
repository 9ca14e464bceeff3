import type { Share } from '@darkroom/contracts'
import type { ShareRow } from '@darkroom/db/assets'

export const presentShare = (share: ShareRow): Share => ({
  id: share.id,
  variant: share.variant,
  expiresAt: share.expiresAt?.toISOString() ?? null,
  maxDownloads: share.maxDownloads,
  downloads: share.downloads,
  createdAt: share.createdAt.toISOString(),
  revokedAt: share.revokedAt?.toISOString() ?? null,
})
