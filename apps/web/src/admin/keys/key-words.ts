import type { ApiKey, Scope } from '@darkroom/contracts'
import { dateTime, humanAgo } from '../format/human-time.ts'

/** What each scope lets a key do. */
export const SCOPE_WORDS: Record<Scope, string> = {
  upload: 'create, renew, confirm and abort uploads',
  read: 'read, list, follow, download',
  write: 'change, reprocess and delete assets; webhooks and presets',
  admin: 'jobs, quarantine and API keys of the project',
}

export const SCOPES = Object.keys(SCOPE_WORDS) as Scope[]

type Moments = Pick<ApiKey, 'lastUsedAt' | 'expiresAt' | 'revokedAt'>

/** Tells whether a key is valid: neither revoked nor expired. */
export const works = ({ expiresAt, revokedAt }: Moments, now: number): boolean =>
  revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now)

/** Describes when a key was used and when it expires: `used 3 min ago · ends Mar 1, 2027, 1:00:00 PM`. */
export function keyText(key: Moments, now: number): string {
  const { lastUsedAt, expiresAt, revokedAt } = key
  const used = lastUsedAt ? `used ${humanAgo(lastUsedAt, now)}` : 'never used'
  if (revokedAt) return `revoked ${humanAgo(revokedAt, now)} · ${used}`
  if (!expiresAt) return `${used} · never expires`
  return works(key, now) ? `${used} · expires ${dateTime(expiresAt)}` : `expired ${humanAgo(expiresAt, now)} · ${used}`
}

/** Returns the public part of a key, which tells it from others. */
export const publicPart = ({ projectId, shortId }: Pick<ApiKey, 'projectId' | 'shortId'>): string =>
  `${projectId === null ? 'do' : 'dk'}_${shortId}_…`

/** Tells whether `secret` is this key. */
export const isSameKey = ({ shortId }: Pick<ApiKey, 'shortId'>, secret: string | null): boolean =>
  secret?.split('_')[1] === shortId
