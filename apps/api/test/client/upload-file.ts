import createClient from 'openapi-fetch'
import type { components, paths } from './.generated/schema.ts'

type Asset = components['schemas']['Asset']

/** Uploads a file and waits for the result, as somebody would who knows the OpenAPI document only. */
export async function uploadFile(baseUrl: string, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<Asset> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } })
  const { data: created, error } = await client.POST('/v1/uploads', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { filename: 'photo.jpg', contentType: 'image/jpeg', byteSize: bytes.byteLength, tags: ['sea'] },
  })
  if (!created) throw new Error(`${error.code}: ${error.detail}`)
  await put(created.upload, bytes)
  const params = { path: { id: created.upload.id } }
  const confirmed = await client.POST('/v1/uploads/{id}/confirm', { params })
  if (!confirmed.data) throw new Error(confirmed.error.detail)
  const read = await client.GET('/v1/assets/{id}', {
    params: {
      path: { id: confirmed.data.asset.id },
      query: { wait: 1 },
      header: { 'If-None-Match': confirmed.response.headers.get('etag') ?? 'W/"0"' },
    },
  })
  if (!read.data) throw new Error('nothing was read')
  return read.data
}

/** Puts the bytes as the instructions say; the tag `type` tells their kinds apart. */
async function put(upload: components['schemas']['UploadInstructions'], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  switch (upload.type) {
    case 'single':
      await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes })
      return
    case 'multipart':
      for (const { partNumber, url, byteSize } of upload.parts) {
        const from = (partNumber - 1) * upload.partSize
        await fetch(url, { method: 'PUT', body: bytes.subarray(from, from + byteSize) })
      }
      return
    case 'none':
      return
  }
}

/** Tells whether an asset is done. A status that does not exist yet must compile as well. */
export const isOver = ({ status }: Pick<Asset, 'status'>): boolean =>
  ['ready', 'partial', 'failed', 'expired', 'deleted', 'a status of tomorrow'].includes(status)
