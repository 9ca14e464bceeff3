import { vi } from 'vitest'

export const MIB = 1024 * 1024
export const OPTIONS = {
  api: 'https://media.example',
  createUrl: '/uploads',
  multipartAboveBytes: 6 * MIB,
  partBytes: 5 * MIB,
}

interface Call {
  /** Method and path. */
  route: string
  key: string | null
  token: string | null
  body: Record<string, unknown>
}
type Answer = [status: number, body: unknown]

/** Puts a Darkroom behind `fetch` that answers as the contract says, unless a test has it answer something else for once. */
export function fakeDarkroom() {
  const calls: Call[] = []
  const exceptions = new Map<string, Answer[]>()
  const ids = new Map<string, number>()
  const confirmed = new Set<number>()
  let underWay = Promise.resolve()

  function created(key: string, { multipart, partSize }: Call['body']): Answer {
    const id = ids.get(key) ?? ids.set(key, ids.size + 1).size
    const single = { type: 'single', url: 'https://store.example/whole', headers: { 'content-type': 'image/jpeg' } }
    const how = multipart ? { type: 'multipart', partSize, partCount: 2 } : single
    const upload = { id: `upload-${id}`, ...(confirmed.has(id) ? { type: 'none' } : how) }
    return [201, { asset: { id: `asset-${id}` }, upload, clientToken: `token-${id}-${calls.length}` }]
  }

  function answer({ route, key, body }: Call): Answer {
    const exception = exceptions.get(route)?.shift()
    if (exception) return exception
    if (route === 'POST /uploads') return created(key ?? '', body)
    if (route.endsWith('/parts')) return [200, { parts: [{ url: `https://store.example/part-${body.partNumbers}` }] }]
    if (route.endsWith('/confirm')) confirmed.add(Number(/\d+/.exec(route.split('uploads/')[1] ?? '')))
    return [200, { state: 'awaiting_upload', parts: [] }]
  }

  vi.stubGlobal('fetch', async (url: string, { method = 'GET', headers, body }: RequestInit) => {
    const sent = new Headers(headers)
    const route = `${method} ${url.replace(OPTIONS.api, '')}`
    const call = {
      route,
      key: sent.get('idempotency-key'),
      token: sent.get('authorization'),
      body: typeof body === 'string' ? JSON.parse(body) : {},
    }
    calls.push(call)
    await underWay
    const [status, json] = answer(call)
    return new Response(JSON.stringify(json), { status })
  })

  return {
    calls,
    /** Has a route answer this for once, `[410, 'UPLOAD_EXPIRED']` for instance. */
    answerOnce(route: string, status: number, code: string) {
      exceptions.set(route, [...(exceptions.get(route) ?? []), [status, { code, detail: code }]])
    },
    /** Answers nothing until the returned function is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      underWay = promise
      return resolve
    },
    routes: () => calls.map(({ route }) => route),
    keys: () => calls.flatMap(({ key }) => key ?? []),
  }
}
