import { type Check, type Finding, fault, fine } from '@darkroom/core/checks'
import type { StoreCheckContext } from './context.ts'

const EXPIRES_SEC = 300
const TYPE = 'image/png'
const BODY = 'not really pixels'
const NEEDS = ['key.write']
const SIGNATURE = 'The store checks fewer headers than were signed.'

/** Whether a URL that a browser gets does what was signed, and nothing else. */
export const SIGNED_URL_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'url.put',
    title: 'a signed URL takes the upload that it was made for',
    cause: 'B2_PUBLIC_ENDPOINT is not an address of the store, or a proxy changes requests.',
    fix: 'Set B2_PUBLIC_ENDPOINT to the address under which browsers reach the store, or leave it out.',
    needs: NEEDS,
    async look(context) {
      const answer = await send(context, 'url-put', {})
      if (answer.status !== 200) return fault(`it answers ${answer.status}`)
      return answer.headers.has('etag') ? fine('200') : fault('the answer has no ETag')
    },
  },
  {
    id: 'url.content-type',
    title: 'a signed URL refuses another content type',
    cause: SIGNATURE,
    fix: 'Do not use this store: an upload of an image could become a web page.',
    needs: ['url.put'],
    look: async context => refusal(await send(context, 'url-type', { type: 'text/html' })),
  },
  {
    id: 'url.content-length',
    title: 'a signed URL refuses another length',
    cause: SIGNATURE,
    fix: 'Do not use this store: anybody with a URL could upload more than was allowed.',
    needs: ['url.put'],
    look: async context => refusal(await send(context, 'url-length', { body: `${BODY} and more` })),
  },
  {
    id: 'url.other-key',
    title: 'a signed URL is good for its own key only',
    cause: SIGNATURE,
    fix: 'Do not use this store: it does not check signatures.',
    needs: ['url.put'],
    look: async context => refusal(await send(context, 'url-key', { rename: true })),
  },
  {
    id: 'url.response-headers',
    title: 'a signed URL sets type and file name of a download',
    cause: 'The store ignores response-content-type and response-content-disposition.',
    fix: 'Downloads of private files then have no file name, and the type that was stored.',
    proves: 'response-content-type and response-content-disposition are answered as signed',
    needs: NEEDS,
    async look({ scratch, settings, store }) {
      const { bucket, key } = await scratch.put(settings.privateBucket, 'url-get', BODY)
      const responseContentDisposition = 'attachment; filename="a.txt"'
      const url = await store.presignGet({
        bucket,
        key,
        expiresInSec: EXPIRES_SEC,
        responseContentType: 'text/csv',
        responseContentDisposition,
      })
      const { status, headers } = await fetch(url)
      const type = headers.get('content-type')
      if (status !== 200) return fault(`it answers ${status}`)
      if (!type?.startsWith('text/csv')) return fault(`the type is ${type}`)
      const disposition = headers.get('content-disposition')
      return disposition === responseContentDisposition
        ? fine('both are as signed')
        : fault(`the disposition is ${disposition}`)
    },
  },
]

interface Deviation {
  type?: string
  body?: string
  rename?: boolean
}

async function send(
  { settings, scratch, store }: StoreCheckContext,
  name: string,
  { type = TYPE, body = BODY, rename = false }: Deviation,
): Promise<Response> {
  const place = { bucket: settings.privateBucket, key: scratch.keyOf(name) }
  const { url } = await store.presignPut({
    ...place,
    contentType: TYPE,
    byteSize: BODY.length,
    expiresInSec: EXPIRES_SEC,
  })
  const sent = rename ? url.replace(name, `${name}-2`) : url
  return fetch(sent, { method: 'PUT', body, headers: { 'content-type': type } })
}

const refusal = ({ status }: Response): Finding =>
  status === 403 ? fine('refused with 403') : fault(`it answers ${status} instead of 403`)
