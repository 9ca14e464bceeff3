import type { Upload } from '@darkroom/db/uploads'
import { issueClientToken } from '../auth/client-token.ts'
import type { ApiDeps } from '../deps.ts'

const CLIENT_TOKEN_TTL_SEC = 3600

/** Issues the token with which a browser continues an upload. */
export function clientTokenOf({ clock, settings }: Pick<ApiDeps, 'clock' | 'settings'>, upload: Upload): string {
  const { assetId, projectId } = upload
  const expiresAt = Math.floor(clock.now().getTime() / 1000) + CLIENT_TOKEN_TTL_SEC
  return issueClientToken({ assetId, projectId, expiresAt }, settings.secret)
}
