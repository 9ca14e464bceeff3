import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDarkroom, createDarkroomOn } from '../darkroom.ts'
import { DarkroomError } from '../errors.ts'
import { createVolatileMemory } from './memory.ts'
import type { Platform } from './platform.ts'
import type { PutAnswer, PutRequest } from './put.ts'
import { createScriptSha256 } from './sha256.ts'
import { openSource, type UploadInput } from './source.ts'
import type { UploadOptions, UploadProgress } from './upload-types.ts'

const PART = 5_000_000
const HOUR_MS = 3_600_000

/** Stands for the service: it keeps uploads, and signs URLs that name the upload, the part and how often it was signed. */
function createService() {
  const uploads = new Map<string, { body: Record<string, unknown>; state: string; parts: Map<number, number> }>()
  const calls: string[] = []
  let signatures = 0
  const expiresAt = () => new Date(Date.now() + HOUR_MS).toISOString()
  const sign = (id: string, part: number) => `https://store.example.com/${id}/${part}?signature=${++signatures}`

  function instructions(id: string, numbers?: number[]) {
    const { body, parts } = uploads.get(id) ?? missing()
    const byteSize = Number(body.byteSize)
    if (!body.multipart) {
      const headers = { 'content-type': String(body.contentType) }
      return { id, type: 'single', method: 'PUT', url: sign(id, 0), headers, expiresAt: expiresAt() }
    }
    const partCount = Math.ceil(byteSize / PART)
    const wanted = (numbers ?? [1, 2]).filter(number => number <= partCount && !parts.has(number))
    const signed = wanted.map(partNumber => ({ partNumber, url: sign(id, partNumber), byteSize: PART }))
    return { id, type: 'multipart', partSize: PART, partCount, parts: signed, expiresAt: expiresAt() }
  }

  const missing = (): never => {
    throw new DarkroomError({ code: 'NOT_FOUND', message: 'none', status: 404 })
  }

  const assetOf = (id: string) => ({
    id: `asset-${id}`,
    status: uploads.get(id)?.state === 'confirmed' ? 'processing' : 'awaiting_upload',
    expiresAt: expiresAt(),
    sha256: null,
  })

  async function fetch(input: RequestInfo | URL): Promise<Response> {
    const request = new Request(input)
    const path = new URL(request.url).pathname
    const [, , resource, id = '', action = ''] = path.split('/')
    calls.push(`${request.method} ${path.replace(id, ':id')}`)
    const json = (body: unknown, status = 200) => Response.json(body, { status })
    if (resource === 'assets') return json(assetOf(id.replace('asset-', '')))
    if (request.method === 'POST' && id === '') {
      const made = `upload-${uploads.size + 1}`
      uploads.set(made, { body: await request.json(), state: 'awaiting_upload', parts: new Map() })
      return json({ asset: assetOf(made), upload: instructions(made), clientToken: 'dt_1' }, 201)
    }
    const upload = uploads.get(id)
    if (!upload) return json({ code: 'NOT_FOUND', detail: 'It is gone.' }, 404)
    const { parts, body, state } = upload
    if (action === 'renew') return json({ upload: instructions(id), clientToken: 'dt_2' })
    if (action === 'parts') return json(instructions(id, (await request.json()).partNumbers))
    if (action === 'confirm') {
      const received = [...parts.values()].reduce((sum, bytes) => sum + bytes, 0)
      if (received !== body.byteSize) return json({ code: 'UPLOAD_INCOMPLETE', detail: 'Bytes are missing.' }, 409)
      upload.state = 'confirmed'
      return json({ asset: assetOf(id), job: {} }, 202)
    }
    if (request.method === 'DELETE') {
      uploads.delete(id)
      return new Response(null, { status: 204 })
    }
    const listed = body.multipart
      ? [...parts].map(([partNumber, byteSize]) => ({ partNumber, byteSize, etag: '' }))
      : null
    const receivedBytes = [...parts.values()].reduce((sum, bytes) => sum + bytes, 0) || null
    const layout = body.multipart ? { partSize: PART, partCount: Math.ceil(Number(body.byteSize) / PART) } : {}
    return json({
      id,
      state,
      byteSize: body.byteSize,
      receivedBytes,
      parts: listed,
      partSize: null,
      partCount: null,
      ...layout,
    })
  }

  /** Takes the bytes as the store does. */
  async function put({ url, bytes, onSent }: PutRequest): Promise<PutAnswer> {
    const [, id = '', part = ''] = new URL(url).pathname.split('/')
    uploads.get(id)?.parts.set(Number(part), bytes.byteLength)
    onSent(bytes.byteLength)
    return { status: 200, retryAfterSec: null }
  }
  return { uploads, calls, fetch, put }
}

type Service = ReturnType<typeof createService>

interface Setting {
  service?: Service
  put?: (request: PutRequest, take: Service['put']) => Promise<PutAnswer>
  untilOnline?: Platform['untilOnline']
  memory?: Platform['memory']
}

/** A client of the service on a platform that a test decides. */
function setUp({
  service = createService(),
  put,
  untilOnline = async () => false,
  memory = createVolatileMemory(),
}: Setting = {}) {
  const urls: string[] = []
  const platform: Platform<UploadInput> = {
    open: openSource,
    createSha256: createScriptSha256,
    put(request) {
      urls.push(request.url.replace('https://store.example.com/', ''))
      return put ? put(request, service.put) : service.put(request)
    },
    memory,
    untilOnline,
  }
  const darkroom = createDarkroomOn(
    { url: 'https://media.example.com', key: 'dk_12345678_x', fetch: service.fetch },
    platform,
  )
  return { service, urls, memory, darkroom }
}

const bytesOf = (length: number, seed = 1) => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 1000) bytes[at] = at * seed
  return bytes
}
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const SMALL = bytesOf(1000)
/** Four parts. */
const LARGE = bytesOf(3 * PART + 7)
const IN_PARTS: UploadOptions = { partSize: PART, parallel: 1 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets the time pass that an upload wants to wait for, until it has ended. */
async function ended<T>(upload: Promise<T>): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  upload.then(over, over)
  for (let turn = 0; !isOver && turn < 10_000; turn += 1) await vi.advanceTimersByTimeAsync(500)
  return upload
}

const failureOf = (upload: Promise<unknown>): Promise<DarkroomError> =>
  ended(upload).then(
    () => expect.fail('it did not fail'),
    error => error,
  )

describe('upload', () => {
  it('hashes a small file first, sends it in one PUT and confirms', async () => {
    const { darkroom, service, urls } = setUp()
    const file = new File([SMALL], 'photo.jpg', { type: 'image/jpeg' })
    const { asset, sha256 } = await ended(darkroom.upload(file, { tags: ['sea'] }))
    expect(asset).toMatchObject({ id: 'asset-upload-1', status: 'processing' })
    expect(sha256).toBe(sha256Of(SMALL))
    expect(service.uploads.get('upload-1')?.body).toEqual({
      filename: 'photo.jpg',
      contentType: 'image/jpeg',
      byteSize: 1000,
      multipart: false,
      sha256: sha256Of(SMALL),
      tags: ['sea'],
    })
    expect(urls).toEqual(['upload-1/0?signature=1'])
  })

  it('sends a large file in parts, several at once, and hashes it while it reads', async () => {
    let atOnce = 0
    let most = 0
    const { darkroom, service, urls } = setUp({
      async put(request, take) {
        atOnce += 1
        most = Math.max(most, atOnce)
        await new Promise(resolve => setTimeout(resolve, 100))
        atOnce -= 1
        return take(request)
      },
    })
    const { sha256 } = await ended(darkroom.upload(LARGE, { partSize: PART, parallel: 2 }))
    expect([...(service.uploads.get('upload-1')?.parts ?? [])].toSorted()).toEqual([
      [1, PART],
      [2, PART],
      [3, PART],
      [4, 7],
    ])
    expect([urls.length, most, sha256]).toEqual([4, 2, sha256Of(LARGE)])
    // Two URLs came with the upload, the others in one request.
    expect(service.calls.filter(call => call.endsWith('/parts'))).toHaveLength(1)
  })

  it('tells how it goes on', async () => {
    const seen: UploadProgress[] = []
    const { darkroom } = setUp({
      async put(request, take) {
        await new Promise(resolve => setTimeout(resolve, 1000))
        return take(request)
      },
    })
    await ended(darkroom.upload(LARGE, { ...IN_PARTS, onProgress: progress => seen.push(progress) }))
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['presigning', 'uploading', 'confirming'])
    const sent = seen.map(({ sentBytes }) => sentBytes)
    expect(sent).toEqual(sent.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toMatchObject({ sentBytes: LARGE.length, totalBytes: LARGE.length, assetId: 'asset-upload-1' })
    const half = seen.find(({ sentBytes }) => sentBytes === 2 * PART)
    const { bytesPerSecond = null, secondsLeft = null } = half ?? {}
    expect(bytesPerSecond).toBeGreaterThan(0)
    expect(secondsLeft).toBeCloseTo((LARGE.length - 2 * PART) / (bytesPerSecond ?? 0))
  })

  it('waits for as long as there is no network, and costs no attempt', async () => {
    let isOnline = false
    const { darkroom, urls } = setUp({
      async untilOnline() {
        if (isOnline) return false
        await new Promise(resolve => setTimeout(resolve, HOUR_MS))
        isOnline = true
        return true
      },
    })
    await ended(darkroom.upload(SMALL))
    expect(urls).toHaveLength(1)
  })

  it('waits until the service can be reached as the page says, and tells what it waits for', async () => {
    const seen: UploadProgress[] = []
    const asked: (string | null)[] = []
    let isBroken = true
    const { darkroom } = setUp({
      put: (request, take) => (isBroken ? Promise.reject(new TypeError('fetch failed')) : take(request)),
    })
    await ended(
      darkroom.upload(SMALL, {
        giveUpAfterMs: 1000,
        onProgress: progress => seen.push(progress),
        async untilReachable(_, failure) {
          asked.push(failure?.code ?? null)
          if (!failure) return false
          await new Promise(resolve => setTimeout(resolve, HOUR_MS))
          isBroken = false
          return true
        },
      }),
    )
    expect([...new Set(asked)]).toEqual([null, 'NETWORK'])
    const told = seen.map(({ interruption }) => interruption?.code ?? null)
    expect(told).toContain('NETWORK')
    expect(told.at(-1)).toBe(null)
  })

  it('tells when no byte moves any more, and when one does again', async () => {
    const seen: UploadProgress[] = []
    const { darkroom } = setUp({
      async put(request, take) {
        request.onSent(1000)
        await new Promise(resolve => setTimeout(resolve, 5000))
        request.onSent(2000)
        return take(request)
      },
    })
    await ended(darkroom.upload(LARGE, { ...IN_PARTS, onProgress: progress => seen.push(progress) }))
    const stalls = seen.filter(({ isStalled }, index) => isStalled !== (seen[index - 1]?.isStalled ?? false))
    expect(stalls.map(({ isStalled }) => isStalled).slice(0, 2)).toEqual([true, false])
    expect(seen.at(-1)?.isStalled).toBe(false)
  })

  it('begins a part again with a fresh URL when no byte moves any more', async () => {
    let isStuck = true
    const { darkroom, urls } = setUp({
      put: (request, take) => {
        if (!isStuck) return take(request)
        isStuck = false
        request.onSent(1000)
        return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('stopped'))))
      },
    })
    await ended(darkroom.upload(LARGE, IN_PARTS))
    expect(urls.slice(0, 2)).toEqual(['upload-1/1?signature=1', 'upload-1/1?signature=3'])
    expect(urls).toHaveLength(5)
  })

  it.each([
    ['in one PUT', SMALL, {}],
    ['in parts', LARGE, IN_PARTS],
  ])('asks for a fresh URL when the store refuses one, %s', async (_name, bytes, options) => {
    let refusals = 2
    const { darkroom, urls } = setUp({
      put: async (request, take) => (refusals-- > 0 ? { status: 403, retryAfterSec: null } : take(request)),
    })
    await ended(darkroom.upload(bytes, options))
    expect(new Set(urls).size).toBe(urls.length)
  })

  it('gives up when the store refuses fresh URLs as well', async () => {
    const { darkroom, urls } = setUp({ put: async () => ({ status: 403, retryAfterSec: null }) })
    expect(await failureOf(darkroom.upload(SMALL))).toMatchObject({
      code: 'STORE_REFUSED',
      status: 403,
      retryable: true,
    })
    expect(urls).toHaveLength(4)
  })

  it('gives up when nothing has got through for five minutes', async () => {
    const { darkroom } = setUp({ put: () => Promise.reject(new TypeError('fetch failed')) })
    const startedAt = Date.now()
    expect(await failureOf(darkroom.upload(SMALL))).toMatchObject({ code: 'NETWORK' })
    expect(Date.now() - startedAt).toBeGreaterThan(300_000)
    expect(Date.now() - startedAt).toBeLessThan(360_000)
  })

  it('sends what the confirm found missing', async () => {
    const lost = new Set(['2'])
    const { darkroom, urls } = setUp({
      put: async (request, take) =>
        lost.delete(request.url.split('?')[0]?.split('/').at(-1) ?? '')
          ? { status: 200, retryAfterSec: null }
          : take(request),
    })
    await ended(darkroom.upload(LARGE, IN_PARTS))
    expect(urls.map(url => url.split('?')[0])).toEqual([1, 2, 3, 4, 2].map(part => `upload-1/${part}`))
  })

  it('uses the client token where a server of the platform has created the upload', async () => {
    const service = createService()
    const tokens: (string | null)[] = []
    const { darkroom } = setUp({
      service: {
        ...service,
        fetch(input) {
          tokens.push(input instanceof Request ? input.headers.get('authorization') : null)
          return service.fetch(input)
        },
      },
    })
    const create = vi.fn(async (body: unknown) => {
      const request = new Request('https://media.example.com/v1/uploads', {
        method: 'POST',
        body: JSON.stringify(body),
      })
      return (await service.fetch(request)).json()
    })
    const { token } = await ended(darkroom.upload(LARGE, { ...IN_PARTS, create }))
    expect(create).toHaveBeenCalledTimes(1)
    expect([token, new Set(tokens)]).toEqual(['dt_1', new Set(['Bearer dt_1'])])
  })
})

/** Lets so many parts through, then stops the upload as a crash would. */
async function crashAfter(parts: number, { darkroom, urls }: ReturnType<typeof setUp>, file: UploadInput) {
  const controller = new AbortController()
  const onProgress = ({ sentBytes }: UploadProgress) => sentBytes >= parts * PART && controller.abort('crash')
  expect(await failureOf(darkroom.upload(file, { ...IN_PARTS, signal: controller.signal, onProgress }))).toBe('crash')
  return urls.length
}

const fileOf = (bytes: Uint8Array<ArrayBuffer>, lastModified = 1) => new File([bytes], 'video.mp4', { lastModified })

describe('upload of the same file again', () => {
  it('sends only what the store lacks, and hashes all of it', async () => {
    const setting = setUp()
    expect(await crashAfter(2, setting, fileOf(LARGE))).toBe(2)
    const after = setUp(setting)
    const { asset, sha256 } = await ended(after.darkroom.upload(fileOf(LARGE), IN_PARTS))
    expect(after.urls.map(url => url.split('?')[0])).toEqual(['upload-1/3', 'upload-1/4'])
    expect([asset.id, sha256]).toEqual(['asset-upload-1', sha256Of(LARGE)])
  })

  it.each([
    ['its date changed', fileOf(LARGE, 2)],
    ['its content changed', fileOf(bytesOf(LARGE.length, 3))],
  ])('begins a new upload when %s', async (_name, changed) => {
    const setting = setUp()
    await crashAfter(2, setting, fileOf(LARGE))
    const after = setUp(setting)
    const { asset } = await ended(after.darkroom.upload(changed, IN_PARTS))
    expect([asset.id, after.urls.length]).toEqual(['asset-upload-2', 4])
  })

  it('is listed until it is done, with what tells its file from others', async () => {
    const setting = setUp()
    await crashAfter(2, setting, fileOf(LARGE))
    const { darkroom, memory } = setUp(setting)
    const [interrupted, ...others] = await darkroom.interrupted()
    expect(others).toEqual([])
    expect(interrupted).toMatchObject({ uploadId: 'upload-1', name: 'video.mp4', byteSize: LARGE.length, token: null })
    expect(await darkroom.fingerprint(fileOf(LARGE))).toBe(interrupted?.fingerprint)
    expect(await darkroom.fingerprint(fileOf(LARGE, 2))).not.toBe(interrupted?.fingerprint)
    const elsewhere = createDarkroom({ url: 'https://media.example.com', key: 'dk_87654321_x', memory })
    expect(await elsewhere.interrupted()).toEqual([])
    await ended(darkroom.upload(fileOf(LARGE), IN_PARTS))
    expect(await darkroom.interrupted()).toEqual([])
  })

  it('goes on with a small one whose date changed: all of it is compared', async () => {
    const { darkroom } = setUp()
    const [first, second] = await Promise.all([1, 2].map(date => darkroom.fingerprint(fileOf(SMALL, date))))
    expect(first).toBe(second)
  })

  it('begins a new upload when the service has given the other one up', async () => {
    const setting = setUp()
    await crashAfter(2, setting, fileOf(LARGE))
    setting.service.uploads.delete('upload-1')
    setting.service.uploads.set('upload-0', { body: {}, state: 'expired', parts: new Map() })
    const after = setUp(setting)
    expect((await ended(after.darkroom.upload(fileOf(LARGE), IN_PARTS))).uploadId).toBe('upload-2')
  })

  it('begins a new upload where it goes elsewhere, or shall not be resumed', async () => {
    const setting = setUp()
    await crashAfter(2, setting, fileOf(LARGE))
    for (const options of [{ folder: 'summer' }, { resume: false }]) {
      const after = setUp(setting)
      await ended(after.darkroom.upload(fileOf(LARGE), { ...IN_PARTS, ...options }))
      expect(after.urls).toHaveLength(4)
    }
  })

  it('takes the asset of the upload that is under way at the same time, and makes another one later', async () => {
    const setting = setUp()
    const { darkroom, urls } = setting
    const both = Promise.all([1, 2].map(() => darkroom.upload(fileOf(LARGE), IN_PARTS)))
    expect((await ended(both)).map(({ asset }) => asset.id)).toEqual(['asset-upload-1', 'asset-upload-1'])
    expect(urls).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(10)
    expect((await ended(darkroom.upload(fileOf(LARGE), IN_PARTS))).asset.id).toBe('asset-upload-2')
  })

  it('stops to wait for the other one when its signal is aborted', async () => {
    const { darkroom } = setUp({ put: () => new Promise(() => undefined) })
    darkroom.upload(fileOf(LARGE), IN_PARTS).catch(() => undefined)
    const controller = new AbortController()
    const second = darkroom.upload(fileOf(LARGE), { ...IN_PARTS, signal: controller.signal })
    setTimeout(() => controller.abort('enough'), 100)
    expect(await failureOf(second)).toBe('enough')
  })
})

it('gives the upload up when the file changes meanwhile', async () => {
  const { darkroom, service } = setUp()
  const source = await openSource(LARGE, {})
  const changed = new DarkroomError({ code: 'FILE_CHANGED', message: 'It changed.' })
  const error = await failureOf(
    darkroom.upload({ ...source, assertUnchanged: () => Promise.reject(changed) }, IN_PARTS),
  )
  expect([error.code, service.uploads.size]).toEqual(['FILE_CHANGED', 0])
  expect(service.calls.filter(call => call.endsWith('/confirm'))).toEqual([])
})

it('says when the service got other bytes than were sent', async () => {
  const service = createService()
  const event = JSON.stringify({ id: 'asset-upload-1', status: 'ready', sha256: 'f'.repeat(64) })
  const { darkroom } = setUp({
    service: {
      ...service,
      fetch: async input =>
        input instanceof Request && input.url.endsWith('/events')
          ? new Response(`event: asset\ndata: ${event}\n\n`)
          : service.fetch(input),
    },
  })
  const { waitUntilReady } = await ended(darkroom.upload(LARGE, IN_PARTS))
  expect(await failureOf(waitUntilReady())).toMatchObject({ code: 'CHECKSUM_MISMATCH' })
})
