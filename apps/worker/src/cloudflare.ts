import { appError } from '@darkroom/contracts'

/** Where and as whom copies are dropped from Cloudflare's cache. */
export interface CloudflareZone {
  /** Of the API, without a trailing slash. */
  apiUrl: string
  /** Needs the permission "Cache Purge" of the zone, and nothing else. */
  token: string
  zoneId: string
}

/** Of one request on every plan: https://developers.cloudflare.com/api/resources/cache/methods/purge/ */
export const MAX_URLS = 30
const TIMEOUT_MS = 20_000

/**
 * Has Cloudflare drop at most `MAX_URLS` URLs from its cache.
 * @throws CDN_REFUSED when a person has to put the token or the zone right, else UNAVAILABLE
 */
export async function purgeUrls(zone: CloudflareZone, urls: readonly string[], signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${zone.apiUrl}/zones/${zone.zoneId}/purge_cache`, {
    method: 'POST',
    headers: { authorization: `Bearer ${zone.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ files: urls }),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(cause => {
    signal.throwIfAborted()
    throw appError('UNAVAILABLE', 'Cloudflare does not respond.', { cause })
  })
  await answer.body?.cancel()
  if (answer.ok) return
  if (answer.status === 429 || answer.status >= 500)
    throw appError('UNAVAILABLE', `Cloudflare responded with ${answer.status}.`)
  throw appError('CDN_REFUSED', `Cloudflare responded with ${answer.status} to a purge of zone ${zone.zoneId}.`)
}
