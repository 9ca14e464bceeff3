import { type Check, fault, fine, notChecked, warning } from '@darkroom/core/checks'
import type { StoreCheckContext } from './context.ts'

const BYTES = 'Seen through the CDN'
/** As variants are stored. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable'
const TIMEOUT_MS = 10_000
const NO_CDN = notChecked('CDN_BASE_URL is not set: variants come from the store itself')

/** Whether the CDN serves the public bucket, and keeps what it may keep. */
export const DELIVERY_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'cdn.serves',
    title: 'the CDN serves the public bucket',
    cause: 'CDN_BASE_URL is another site, or lacks the path to the bucket.',
    fix: 'Set CDN_BASE_URL so that <CDN_BASE_URL>/<key> is the object of that key: with B2 behind Cloudflare, …/file/<bucket>.',
    needs: ['bucket.public'],
    async look(context) {
      if (context.settings.cdnBaseUrl === null) return NO_CDN
      const { answer, text } = await fetchByCdn(context, 'cdn')
      if (text === BYTES) return fine(`${answer.status}, the bytes are the same`)
      return fault(answer.ok ? 'it answers with other bytes' : `it answers ${answer.status}`)
    },
  },
  {
    id: 'cdn.cache',
    title: 'the CDN keeps the cache headers',
    cause: 'A rule of the CDN sets a cache time of its own, so variants are fetched from the store again and again.',
    fix: 'Set the browser cache of the CDN to “respect existing headers”.',
    needs: ['cdn.serves'],
    async look(context) {
      if (context.settings.cdnBaseUrl === null) return NO_CDN
      const { answer } = await fetchByCdn(context, 'cdn-cache')
      const header = answer.headers.get('cache-control')
      return header === CACHE_CONTROL ? fine(header) : warning(`Cache-Control is ${header ?? 'missing'}`)
    },
  },
  {
    id: 'cdn.type',
    title: 'the CDN keeps the content type',
    cause: 'The CDN or a rule of it changes types or transforms images.',
    fix: 'Switch transformations of the CDN off for this host.',
    needs: ['cdn.serves'],
    async look(context) {
      if (context.settings.cdnBaseUrl === null) return NO_CDN
      const { answer } = await fetchByCdn(context, 'cdn-type')
      const type = answer.headers.get('content-type')
      return type?.startsWith('text/plain')
        ? fine(type)
        : warning(`the type is ${type ?? 'missing'} instead of text/plain`)
    },
  },
  {
    id: 'cdn.private',
    title: 'the CDN does not serve originals',
    cause: 'The CDN signs requests with a key that may read the private bucket.',
    fix: 'Give the CDN a key for the public bucket only, and check CDN_BASE_URL.',
    needs: ['bucket.private'],
    async look(context) {
      const { cdnBaseUrl, privateBucket } = context.settings
      if (cdnBaseUrl === null) return NO_CDN
      const { key } = await context.scratch.put(privateBucket, 'cdn-private', BYTES)
      const answer = await fetch(`${cdnBaseUrl}/${key}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      return (await answer.text()) === BYTES ? fault(`it serves ${privateBucket}`) : fine(`it answers ${answer.status}`)
    },
  },
]

async function fetchByCdn(context: StoreCheckContext, name: string): Promise<{ answer: Response; text: string }> {
  const { publicBucket, privateBucket, cdnBaseUrl } = context.settings
  const { key } = await context.scratch.put(publicBucket ?? privateBucket, name, BYTES, { CacheControl: CACHE_CONTROL })
  const answer = await fetch(`${cdnBaseUrl}/${key}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  return { answer, text: await answer.text() }
}
