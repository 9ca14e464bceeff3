import { AwsClient } from 'aws4fetch'
import { type SigningKey, verifySignedUrl } from './signed-url.ts'

// Serves the signed URLs of a private bucket from the cache of Cloudflare: whoever has one gets the file until it expires, and the store
// sees the first request only. docs/how-to/deploy-cloudflare.md says how to set it up.

export interface Env extends SigningKey {
  B2_ENDPOINT: string
  /** How long a file stays in the cache, in seconds: so long may a deleted one live on for who still has a URL. Default: one hour. */
  EDGE_TTL_SEC?: string
}

const DEFAULT_EDGE_TTL_SEC = '3600'
const METHODS = 'GET, HEAD, OPTIONS'
/** What a client may ask of a file beyond the whole of it. */
const CONDITIONS = ['range', 'if-range', 'if-none-match', 'if-modified-since']
/** What the store says of a file; all else is the store's own business. */
const ABOUT_THE_FILE = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified']
const ANSWERS_WITH_A_FILE = [200, 206, 304, 416]
const CORS = {
  // The URL is the permission, as with the store itself.
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-length, content-range, etag',
}

export default {
  async fetch(request, env, context) {
    if (request.method === 'OPTIONS') return preflight()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, `Files can only be read here: ${METHODS}.`, { allow: METHODS })
    const url = new URL(request.url)
    const nowSec = Date.now() / 1000
    const verdict = await verifySignedUrl(url, env, nowSec)
    if (!verdict.isValid) return refuse(403, verdict.reason)
    const file = (await cached(request, url)) ?? (await stored(request, url, env, context))
    if (file.status === 404) return refuse(404, 'There is no such file.')
    if (!ANSWERS_WITH_A_FILE.includes(file.status)) return refuse(502, 'The store cannot be reached. Try again later.')
    return present(request, file, url, Math.floor(verdict.expiresAtSec - nowSec))
  },
} satisfies ExportedHandler<Env>

/** Names a version of a file, whoever signed for it and whatever else the URL says. */
function cacheUrlOf(url: URL): URL {
  const plain = new URL(url.pathname, url.origin)
  const version = url.searchParams.get('versionId')
  if (version !== null) plain.searchParams.set('versionId', version)
  return plain
}

/** Picks some headers of a request or an answer. */
function pick(headers: Headers, names: readonly string[]): Headers {
  return new Headers(names.flatMap(name => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])))
}

const cached = ({ headers }: Request, url: URL): Promise<Response | undefined> =>
  caches.default.match(new Request(cacheUrlOf(url), { headers: pick(headers, CONDITIONS) }))

/** Asks the store, signed with the key of B2, and keeps a whole file. A part of one is passed on only: it cannot be kept. */
async function stored({ method, headers }: Request, url: URL, env: Env, context: ExecutionContext): Promise<Response> {
  const place = cacheUrlOf(url)
  const client = new AwsClient({
    accessKeyId: env.B2_KEY_ID,
    secretAccessKey: env.B2_APPLICATION_KEY,
    service: 's3',
    region: env.B2_REGION,
    retries: 2,
  })
  const answer = await client
    .fetch(new URL(place.pathname + place.search, env.B2_ENDPOINT), { method, headers: pick(headers, CONDITIONS) })
    .catch((error: unknown) => {
      console.error('the store does not answer', error)
      return new Response(null, { status: 504 })
    })
  if (answer.status >= 500 || answer.status === 403) console.error('the store answers', answer.status)
  if (answer.status !== 200 || method !== 'GET' || answer.body === null) return answer
  const [forClient, forCache] = answer.body.tee()
  const about = pick(answer.headers, ABOUT_THE_FILE)
  about.set('cache-control', `public, max-age=${env.EDGE_TTL_SEC ?? DEFAULT_EDGE_TTL_SEC}`)
  const kept = new Response(ofLength(forCache, about), { headers: about })
  context.waitUntil(
    // The largest files do not fit, and then every request goes to the store.
    caches.default.put(place, kept).catch((error: unknown) => console.warn('not kept in the cache', error)),
  )
  return new Response(forClient, { headers: about })
}

/** A stream that says its length, without which a part of it could not be asked for. */
function ofLength(body: ReadableStream, headers: Headers): ReadableStream {
  const length = headers.get('content-length')
  return length === null ? body : body.pipeThrough(new FixedLengthStream(Number(length)))
}

/** Answers as the signed URL says, for as long as it is valid. */
function present({ method }: Request, file: Response, url: URL, lifeSec: number): Response {
  const headers = pick(file.headers, ABOUT_THE_FILE)
  for (const name of ['content-type', 'content-disposition']) {
    const wanted = url.searchParams.get(`response-${name}`)
    if (wanted !== null && file.status < 300) headers.set(name, wanted)
  }
  for (const [name, value] of Object.entries(CORS)) headers.set(name, value)
  headers.set('cache-control', `private, max-age=${lifeSec}`)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('cross-origin-resource-policy', 'cross-origin')
  const body = method === 'HEAD' || file.body === null ? null : ofLength(file.body, headers)
  return new Response(body, { status: file.status, headers })
}

const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...CORS,
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': 'range, if-none-match, if-modified-since, if-range',
      'access-control-max-age': '86400',
    },
  })

const refuse = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(`${text}\n`, {
    status,
    headers: { ...CORS, ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
