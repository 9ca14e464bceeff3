import sharp from 'sharp'
import { expect } from 'vitest'
import type { Client, FileToUpload } from './client.ts'
import type { Asset, Problem } from './contract.ts'
import { eventually } from './eventually.ts'
import { sha256 } from './photos.ts'

/** The built-in preset "default", as the page and the README show it. */
const VARIANTS = {
  thumb: { contentType: 'image/webp', format: 'webp', largest: 256 },
  small: { contentType: 'image/webp', format: 'webp', largest: 640 },
  medium: { contentType: 'image/webp', format: 'webp', largest: 1280 },
  large: { contentType: 'image/webp', format: 'webp', largest: 2048 },
  'medium-jpeg': { contentType: 'image/jpeg', format: 'jpeg', largest: 1280 },
}

/** Uploads a file by the HTTP contract, and checks everything that the contract promises of the result. */
export async function uploadUntilReady(client: Client, file: FileToUpload): Promise<Asset> {
  const { asset } = await client.upload(file)
  const ready = await client.settled(asset.id)
  expect(ready).toMatchObject({ status: 'ready', error: null, kind: 'image', filename: file.name })
  expect(ready).toMatchObject({ byteSize: file.bytes.length, sha256: sha256(file.bytes) })
  return ready
}

/** Checks that every URL answers with exactly what the asset says of it. */
export async function expectVariantsAreServed(client: Client, asset: Asset): Promise<void> {
  expect(asset.variants.map(({ name }) => name).toSorted()).toEqual(Object.keys(VARIANTS).toSorted())
  for (const variant of asset.variants) {
    const { contentType, format, largest } = VARIANTS[variant.name as keyof typeof VARIANTS]
    const { status, headers, body } = await client.download(variant.url)
    expect({ name: variant.name, status }).toEqual({ name: variant.name, status: 200 })
    expect(headers.get('content-type')).toBe(contentType)
    expect(headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/)
    expect(variant).toMatchObject({ status: 'ready', contentType, byteSize: body.length, sha256: sha256(body) })
    const decoded = await sharp(body).metadata()
    expect({ format: decoded.format, width: decoded.width, height: decoded.height }).toEqual({
      format,
      width: variant.width,
      height: variant.height,
    })
    expect(Math.max(variant.width ?? 0, variant.height ?? 0)).toBe(largest)
  }
}

export async function expectOriginalDownloads(client: Client, asset: Asset, file: FileToUpload): Promise<void> {
  const route = asset.original?.downloadUrl ?? ''
  const redirect = await client.request('GET', route)
  expect(redirect.status).toBe(302)
  const location = redirect.headers.get('location') ?? ''
  expect(location).toMatch(/X-Amz-Signature=/)
  const { status, headers, body } = await client.download(location)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="?phone\.jpg/)
  expect(sha256(body)).toBe(sha256(file.bytes))
}

/** Deletes an asset, and checks that nothing is answered for it after the 202, and soon nothing is served. */
export async function expectDeletionCompletes(client: Client, asset: Asset): Promise<void> {
  const deletion = await client.request<Asset>('DELETE', `/v1/assets/${asset.id}`)
  expect({ status: deletion.status, asset: deletion.body.status }).toEqual({ status: 202, asset: 'deleting' })
  const gone = await eventually(
    'the deleted asset answers 410',
    () => client.request<Problem>('GET', `/v1/assets/${asset.id}`),
    ({ status }) => status === 410,
    { withinMs: 20_000 },
  )
  expect(gone.body.code).toBe('ASSET_DELETED')
  for (const { url } of asset.variants) {
    await eventually(
      `${url} stops answering`,
      async () => (await client.download(url)).status,
      status => status === 404 || status === 410,
      { withinMs: 20_000 },
    )
  }
  expect((await client.list()).items.map(({ id }) => id)).not.toContain(asset.id)
}
