import { Asset, AssetStatusAnswer, PartsSigned, UploadCreated, type UploadInstructions } from '@darkroom/contracts'
import type { Photo } from '../photos/photo.ts'

/** The key of local mode. */
const LOCAL_KEY = 'dk_local_development'
/** What one request for statuses may name. */
const MAX_IDS = 200

interface Parser<T> {
  parse(value: unknown): T
}

/** What is said of a file before it is sent. */
export type Declared = Pick<Photo, 'name' | 'byteSize'> & { contentType: string }

export interface Sent {
  assetId: string
  uploadId: string
}

export type DarkroomClient = ReturnType<typeof createClient>

/** Creates a client for the part of Darkroom's HTTP contract that the benchmark needs. */
export function createClient(url: string, key = LOCAL_KEY) {
  const authorization = `Bearer ${key}`

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { authorization, ...(body && { 'content-type': 'application/json' }) }
    const response = await fetch(new URL(path, url), { method, headers, body: body ? JSON.stringify(body) : null })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }

  const read = async <T>(schema: Parser<T>, ...args: Parameters<typeof call>): Promise<T> =>
    schema.parse(await call(...args))

  /** Says what is coming. */
  const declare = ({ name, contentType, byteSize }: Declared) =>
    read(UploadCreated, 'POST', '/v1/uploads', { filename: name, contentType, byteSize })

  return {
    declare,
    /** Where a part of an upload goes. */
    async signPart(uploadId: string, partNumber: number): Promise<string> {
      const { parts } = await read(PartsSigned, 'POST', `/v1/uploads/${uploadId}/parts`, { partNumbers: [partNumber] })
      const [part] = parts
      if (!part) throw new Error(`part ${partNumber} was not signed`)
      return part.url
    },
    /** Declares a file and sends its bytes; it is not confirmed yet. */
    async send(file: Declared, bytes: Uint8Array<ArrayBuffer>): Promise<Sent> {
      const { asset, upload } = await declare(file)
      await put(upload, bytes)
      return { assetId: asset.id, uploadId: upload.id }
    },
    async confirm({ uploadId }: Sent): Promise<void> {
      await call('POST', `/v1/uploads/${uploadId}/confirm`)
    },
    async statuses(ids: string[]): Promise<Asset[]> {
      const pages = Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, page) =>
        ids.slice(page * MAX_IDS, (page + 1) * MAX_IDS),
      )
      const answers = await Promise.all(
        pages.map(page => read(AssetStatusAnswer, 'POST', '/v1/assets/status', { ids: page })),
      )
      return answers.flatMap(({ items }) => items)
    },
    /** Held by the server until the asset is settled or 25 s are over. */
    async waitFor(assetId: string): Promise<Asset> {
      return read(Asset, 'GET', `/v1/assets/${assetId}?wait=25`)
    },
    /** The bytes of the original, by way of a signed URL. */
    async download(assetId: string): Promise<Response> {
      return fetch(new URL(`/v1/assets/${assetId}/download`, url), { headers: { authorization } })
    },
  }
}

async function put(upload: UploadInstructions, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (upload.type !== 'single') throw new Error('a file of this benchmark is never so large that it goes up in parts')
  const { method, url, headers } = upload
  const response = await fetch(url, { method, headers, body: bytes })
  if (!response.ok) throw new Error(`the store answered ${response.status}: ${await response.text()}`)
}
