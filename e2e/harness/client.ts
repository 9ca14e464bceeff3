import type { Asset, AssetPage, Upload, UploadConfirmed, UploadCreated } from './contract.ts'

/** The key that exists in local mode only. */
export const LOCAL_KEY = 'dk_local_development'

const SETTLED = new Set(['ready', 'partial', 'failed', 'expired'])
/** Tells whether a job of the asset waits or runs. */
const isOpen = ({ job }: Asset): boolean => job?.status === 'queued' || job?.status === 'running'

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

export interface FileToUpload {
  name: string
  contentType: string
  bytes: Uint8Array<ArrayBuffer>
}

export type Client = ReturnType<typeof createClient>

/** Speaks the contract as a customer's own code would: fetch, and nothing else. */
export function createClient({ url, key = LOCAL_KEY }: { url: string; key?: string }) {
  const authorization = { authorization: `Bearer ${key}` }

  /** `T` is what the contract says of this route and status; tests assert the status first. */
  async function request<T>(
    method: string,
    path: string,
    { json, ...init }: RequestInit & { json?: unknown } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...init,
      headers: {
        ...authorization,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
    })
    const text = await response.text()
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
  }

  async function expectStatus<T>(status: number, answer: Promise<Answer<T>>): Promise<T> {
    const { status: actual, body } = await answer
    if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${JSON.stringify(body)}`)
    return body
  }

  const declaration = ({ name, contentType, bytes }: FileToUpload, more: object) => ({
    filename: name,
    contentType,
    byteSize: bytes.length,
    ...more,
  })

  const create = (file: FileToUpload, more: object = {}) =>
    expectStatus(201, request<UploadCreated>('POST', '/v1/uploads', { json: declaration(file, more) }))

  const confirm = (uploadId: string) =>
    expectStatus(202, request<UploadConfirmed>('POST', `/v1/uploads/${uploadId}/confirm`))

  /** Declared, sent, confirmed: from here on the pipeline owes a result. */
  async function upload(file: FileToUpload, more: object = {}): Promise<UploadConfirmed> {
    const { upload } = await create(file, more)
    const { status, text } = await put(upload, file.bytes)
    if (status !== 200) throw new Error(`the store answered ${status}: ${text}`)
    return confirm(upload.id)
  }

  const readAsset = (id: string) => expectStatus(200, request<Asset>('GET', `/v1/assets/${id}`))

  /** Waits in the way the contract offers: each answer is held for up to 25 s. */
  async function settled(id: string, withinMs = 60_000): Promise<Asset> {
    const deadline = Date.now() + withinMs
    for (;;) {
      const waitSec = Math.max(1, Math.min(25, Math.ceil((deadline - Date.now()) / 1000)))
      const asset = await expectStatus(200, request<Asset>('GET', `/v1/assets/${id}?wait=${waitSec}`))
      if (SETTLED.has(asset.status) && !isOpen(asset)) return asset
      if (Date.now() > deadline) throw new Error(`asset ${id} is not settled: ${JSON.stringify(asset)}`)
    }
  }

  const list = (query = '') => expectStatus(200, request<AssetPage>('GET', `/v1/assets${query}`))

  /** A published file, with our key where it is served by our own route; redirects are followed. */
  async function download(fileUrl: string): Promise<Answer<Uint8Array<ArrayBuffer>>> {
    const isOurs = new URL(fileUrl).origin === new URL(url).origin
    const response = await fetch(fileUrl, { headers: isOurs ? authorization : {} })
    return {
      status: response.status,
      headers: response.headers,
      body: new Uint8Array(await response.arrayBuffer()),
    }
  }

  return { url, key, request, create, confirm, upload, readAsset, settled, list, download }
}

/** Sends bytes to the store with exactly the headers that the API named. */
export async function put(
  { method, url, headers }: Upload,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { method, headers, body: bytes })
  return { status: response.status, text: await response.text() }
}
