import { type Check, type Finding, fault, fine, notChecked } from '@darkroom/core/checks'
import { applyProvision } from './apply-provision.ts'
import type { StoreCheckContext } from './context.ts'

const CAUSE = 'The bucket has no CORS rule for the origin of the page, or one that lacks a method or header.'
const FIX = 'npx darkroom provision cors --origin <origin of the page> --apply'
const NO_ORIGINS = notChecked('no page is known: set CORS_ORIGINS or PUBLIC_URL, or name one with --origin')

/** Adds rules of our own; those of others stay. */
const allowOrigins = (context: StoreCheckContext): Promise<string> => applyProvision(context, 'cors')

/** Whether browsers let a page upload: preflights are really sent, as a browser sends them. */
export const CORS_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'cors.upload',
    title: 'a page of each origin may upload',
    cause: CAUSE,
    fix: FIX,
    needs: ['key.private-bucket'],
    look: context => ofEachOrigin(context, origin => preflight(context, origin, 'PUT', 'content-type')),
    repair: allowOrigins,
  },
  {
    id: 'cors.download',
    title: 'a page of each origin may read',
    cause: CAUSE,
    fix: FIX,
    needs: ['key.private-bucket'],
    look: context => ofEachOrigin(context, origin => preflight(context, origin, 'GET', 'range')),
    repair: allowOrigins,
  },
  {
    id: 'cors.etag',
    title: 'a page sees the ETag of a part, without which it cannot upload in parts',
    cause: 'The CORS rule does not expose the header ETag.',
    fix: FIX,
    needs: ['key.write'],
    look: context => ofEachOrigin(context, origin => exposesEtag(context, origin)),
    repair: allowOrigins,
  },
]

async function ofEachOrigin(
  { origins }: StoreCheckContext,
  look: (origin: string) => Promise<Finding>,
): Promise<Finding> {
  if (origins.length === 0) return NO_ORIGINS
  for (const origin of origins) {
    const found = await look(origin)
    if (found.state !== 'ok') return { ...found, seen: `${origin}: ${found.seen}` }
  }
  return fine(origins.join(', '))
}

async function preflight(context: StoreCheckContext, origin: string, method: string, header: string): Promise<Finding> {
  const { settings, scratch } = context
  const { status, headers } = await fetch(
    `${settings.store.publicEndpoint ?? settings.store.endpoint}/${settings.privateBucket}/${scratch.keyOf('cors')}`,
    {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': header },
    },
  )
  if (status >= 300) return fault(`the preflight of ${method} is refused with ${status}`)
  const allowed = headers.get('access-control-allow-origin')
  if (allowed !== '*' && allowed !== origin) return fault(`the preflight of ${method} allows ${allowed ?? 'no origin'}`)
  if (!lists(headers, 'access-control-allow-methods', method)) return fault(`the preflight does not allow ${method}`)
  return lists(headers, 'access-control-allow-headers', header)
    ? fine('allowed')
    : fault(`the preflight of ${method} does not allow the header ${header}`)
}

async function exposesEtag({ settings, scratch, store }: StoreCheckContext, origin: string): Promise<Finding> {
  const place = { bucket: settings.privateBucket, key: scratch.keyOf('cors-etag') }
  const body = 'pixels'
  const { url, headers } = await store.presignPut({
    ...place,
    contentType: 'image/png',
    byteSize: body.length,
    expiresInSec: 300,
  })
  const answer = await fetch(url, { method: 'PUT', body, headers: { ...headers, origin } })
  if (answer.status !== 200) return fault(`an upload from the page answers ${answer.status}`)
  return lists(answer.headers, 'access-control-expose-headers', 'etag') ? fine('exposed') : fault('it is not exposed')
}

const lists = (headers: Headers, name: string, value: string): boolean =>
  (headers.get(name) ?? '').split(',').some(each => [value.toLowerCase(), '*'].includes(each.trim().toLowerCase()))
