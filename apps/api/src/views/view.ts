import { extname } from 'node:path'
import type { AssetRow } from '@darkroom/db/assets'
import { issueViewToken } from '../auth/view-token.ts'
import type { ApiDeps } from '../deps.ts'

/** Time in which whoever has a URL sees the variants of one asset. */
export interface OpenView {
  expiresAt: Date
  urlOf(variant: { name: string; key: string }): string
}

/** Returns the file name of a variant in a view. Its extension is that of the object, because players look at it. */
export const fileNameOf = ({ name, key }: { name: string; key: string }): string => `${name}${extname(key)}`

/** Opens a view for `ttlSec` seconds. Nothing is stored: its end is in the URL. */
export function openView(
  { settings, clock }: Pick<ApiDeps, 'settings' | 'clock'>,
  { id: assetId, projectId }: Pick<AssetRow, 'id' | 'projectId'>,
  ttlSec: number,
): OpenView {
  const expiresAt = Math.floor(clock.now().getTime() / 1000) + ttlSec
  return viewUntil(settings.publicUrl(), issueViewToken({ assetId, projectId, expiresAt }, settings.secret), expiresAt)
}

/** Returns the view of a token. `expiresAt` is in seconds since 1970. */
export const viewUntil = (publicUrl: string, token: string, expiresAt: number): OpenView => ({
  expiresAt: new Date(expiresAt * 1000),
  urlOf: variant => `${publicUrl}/v/${token}/${fileNameOf(variant)}`,
})
