import type { UploadInstructions } from '@darkroom/contracts'
import { issueClientToken } from '../auth/client-token.ts'
import type { ApiDeps } from '../deps.ts'

export interface SignableUpload {
  id: string
  assetId: string
  projectId: string
  contentType: string
  byteSize: number
  /** When the upload can no longer be confirmed. No URL outlives it. */
  expiresAt: Date
}

/** When a URL that is signed now stops working. */
export function presignExpiry({ clock, settings }: Pick<ApiDeps, 'clock' | 'settings'>, expiresAt: Date): Date {
  return new Date(Math.min(clock.now().getTime() + settings.presignTtlSec * 1000, expiresAt.getTime()))
}

/** Signs where and how the client puts its bytes, and the token with which a browser goes on from there. */
export async function presentUpload(
  { store, settings, clock }: ApiDeps,
  upload: SignableUpload,
  object: { bucket: string; key: string },
  presignExpiresAt: Date,
): Promise<{ upload: UploadInstructions; clientToken: string }> {
  const { url, headers } = await store.presignPut({
    ...object,
    contentType: upload.contentType,
    byteSize: upload.byteSize,
    expiresInSec: Math.max(1, Math.floor((presignExpiresAt.getTime() - clock.now().getTime()) / 1000)),
  })
  const clientToken = issueClientToken(
    {
      assetId: upload.assetId,
      projectId: upload.projectId,
      expiresAt: Math.floor(clock.now().getTime() / 1000) + CLIENT_TOKEN_TTL_SEC,
    },
    settings.secret,
  )
  return {
    upload: { id: upload.id, type: 'single', method: 'PUT', url, headers, expiresAt: presignExpiresAt.toISOString() },
    clientToken,
  }
}

const CLIENT_TOKEN_TTL_SEC = 3600
