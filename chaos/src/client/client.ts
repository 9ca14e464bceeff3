import { setTimeout as sleep } from 'node:timers/promises'
import { Asset, Job } from '@darkroom/contracts'
import { z } from 'zod'
import { scaledTimeout } from '../eventually.ts'
import { type Answer, type Caller, type CallOptions, createCaller } from './caller.ts'
import type { Entry, ExpectedState, Tenant } from './expected-state.ts'
import type { Photo } from './photo.ts'

// Only what the harness needs, so that fields which are added do not concern it.
const SingleUpload = z.object({
  id: z.string(),
  type: z.literal('single'),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
})
const MultipartUpload = z.object({
  id: z.string(),
  type: z.literal('multipart'),
  partSize: z.number(),
  partCount: z.number(),
  parts: z.array(z.object({ partNumber: z.number(), url: z.string() })),
})
const Created = z.object({
  asset: z.object({ id: z.string() }),
  upload: z.discriminatedUnion('type', [SingleUpload, MultipartUpload]),
})
const Confirmed = z.object({ asset: z.object({ id: z.string() }), job: z.object({ id: z.string() }) })

export type Started = z.output<typeof Created> & { photo: Photo; entry: Entry }
export type Part = { partNumber: number; etag: string }

/** A client that uploads as the HTTP contract says, and records what it was promised. */
export interface Client {
  caller: Caller
  start(photo: Photo, options?: StartOptions): Promise<Started>
  /** Other bytes than the declared ones are for tests of mismatches. */
  put(started: Started, bytes?: Photo['bytes']): Promise<void>
  putPart(started: Started, partNumber: number): Promise<Part>
  confirm(started: Started, options?: CallOptions & { parts?: Part[] }): Promise<{ jobId: string }>
  /** Has the system fetch a photo from a URL. */
  importFrom(url: string, photo: Photo): Promise<{ assetId: string }>
  /** All three. */
  upload(photo: Photo, options?: StartOptions & CallOptions): Promise<Started>
  read(assetId: string): Promise<Answer>
  asset(assetId: string): Promise<Asset>
  job(jobId: string): Promise<Job>
  remove(started: Started): Promise<void>
  /** Waits for the asset to settle; null when it does not in time. */
  settled(assetId: string, withinMs: number): Promise<Asset | null>
}

export interface StartOptions {
  /** More of what POST /v1/uploads takes. */
  more?: Record<string, unknown>
  via?: string
}

const SETTLED = new Set(['ready', 'partial', 'failed', 'expired'])
/** Variants that failed are tried again: what is published is not all. */
const isOpen = ({ job }: Asset): boolean => job?.status === 'queued' || job?.status === 'running'

export class UnexpectedAnswer extends Error {
  constructor(call: string, { status, body }: Answer) {
    super(`${call} answered ${status}: ${JSON.stringify(body)}`)
    this.name = 'UnexpectedAnswer'
  }
}

export function createClient(options: {
  urls: () => string[]
  tenant: Tenant
  key: string
  expectedState: ExpectedState
  timeoutMs: number
}): Client {
  const { expectedState } = options
  const caller = createCaller(options)

  const expect = async (status: number, method: string, path: string, callOptions?: CallOptions) => {
    const answer = await caller.call(method, path, callOptions)
    if (answer.status !== status) throw new UnexpectedAnswer(`${method} ${path}`, answer)
    return answer.body
  }

  const start: Client['start'] = async (photo, { more = {}, via } = {}) => {
    const json = { filename: 'noise.jpg', contentType: photo.contentType, byteSize: photo.bytes.length, ...more }
    const created = Created.parse(await expect(201, 'POST', '/v1/uploads', { json, ...(via && { via }) }))
    const facts = { byteSize: photo.bytes.length, sha256: photo.sha256 }
    const { tenant } = options
    const entry: Entry = {
      tenant,
      assetId: created.asset.id,
      uploadId: created.upload.id,
      ...facts,
      guarantee: 'created',
    }
    expectedState.record(entry)
    return { ...created, photo, entry }
  }

  const recordGuarantee = ({ entry }: Started, guarantee: Entry['guarantee']) => {
    entry.guarantee = guarantee
    expectedState.record(entry)
  }

  const put: Client['put'] = async (started, bytes = started.photo.bytes) => {
    const { upload } = started
    if (upload.type !== 'single') throw new Error('a multipart upload is put in parts')
    await putBytes(upload.url, upload.headers, bytes, options.timeoutMs)
    if (started.entry.guarantee === 'created') recordGuarantee(started, 'stored')
  }

  const confirm: Client['confirm'] = async (started, { parts, ...callOptions } = {}) => {
    const path = `/v1/uploads/${started.upload.id}/confirm`
    const body = await expect(202, 'POST', path, { ...callOptions, ...(parts && { json: { parts } }) })
    recordGuarantee(started, 'confirmed')
    return { jobId: Confirmed.parse(body).job.id }
  }

  const read: Client['read'] = assetId => caller.call('GET', `/v1/assets/${assetId}`)

  return {
    caller,
    start,
    put,
    confirm,
    read,
    async putPart({ upload, photo }, partNumber) {
      if (upload.type !== 'multipart') throw new Error('a single upload has no parts')
      const path = `/v1/uploads/${upload.id}/parts`
      const known = upload.parts.find(part => part.partNumber === partNumber)
      const Parts = z.object({ parts: MultipartUpload.shape.parts })
      const signed = known
        ? [known]
        : Parts.parse(await expect(200, 'POST', path, { json: { partNumbers: [partNumber] } })).parts
      const from = (partNumber - 1) * upload.partSize
      const bytes = photo.bytes.slice(from, from + upload.partSize)
      const etag = await putBytes(signed[0]?.url ?? '', {}, bytes, options.timeoutMs)
      return { partNumber, etag }
    },
    async upload(photo, uploadOptions = {}) {
      const started = await start(photo, uploadOptions)
      await put(started)
      await confirm(started, uploadOptions.via ? { via: uploadOptions.via } : {})
      return started
    },
    async importFrom(url, { bytes, sha256 }) {
      const begun = Confirmed.parse(await expect(202, 'POST', '/v1/imports', { json: { url } }))
      const assetId = begun.asset.id
      const facts = { tenant: options.tenant, assetId, uploadId: '', byteSize: bytes.length, sha256 }
      expectedState.record({ ...facts, guarantee: 'confirmed' })
      return { assetId }
    },
    asset: async assetId => Asset.parse(await expect(200, 'GET', `/v1/assets/${assetId}`)),
    job: async jobId => Job.parse(await expect(200, 'GET', `/v1/jobs/${jobId}`)),
    async remove(started) {
      recordGuarantee(started, 'deleting')
      const path = `/v1/assets/${started.asset.id}`
      const answer = await caller.call('DELETE', path)
      // 410 when the answer to an earlier try was lost.
      if (answer.status !== 202 && answer.status !== 410) throw new UnexpectedAnswer(`DELETE ${path}`, answer)
      recordGuarantee(started, 'deleted')
    },
    async settled(assetId, withinMs) {
      const { isOver } = scaledTimeout(withinMs)
      for (;;) {
        const { status, body } = await caller.call('GET', `/v1/assets/${assetId}?wait=5`)
        const asset = status === 200 ? Asset.parse(body) : null
        if (asset && SETTLED.has(asset.status) && !isOpen(asset)) return asset
        if (isOver()) return null
      }
    },
  }
}

const PUT_PAUSE_MS = 500

/** @returns the ETag. @throws Error when the store refuses, or does not answer for too long */
async function putBytes(
  url: string,
  headers: Record<string, string>,
  bytes: Photo['bytes'],
  timeoutMs: number,
): Promise<string> {
  const { isOver } = scaledTimeout(timeoutMs)
  for (;;) {
    const response = await fetch(url, { method: 'PUT', headers, body: bytes }).catch(() => null)
    const text = (await response?.text().catch(() => '')) ?? ''
    if (response?.ok) return response.headers.get('etag') ?? ''
    const isRefused = response && response.status < 500 && response.status !== 429
    if (isRefused || isOver()) throw new Error(`PUT to the store answered ${response?.status ?? 'nothing'}: ${text}`)
    await sleep(PUT_PAUSE_MS)
  }
}
