import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const PHOTO = join(import.meta.dirname, '../../../docs/images/quality-image.webp')
/** The key of local mode. */
const KEY = 'dk_local_development'

// Only what is used, so that other versions of the contract are understood as well.
const Created = z.object({
  asset: z.object({ id: z.string() }),
  upload: z.object({ id: z.string(), url: z.string(), headers: z.record(z.string(), z.string()) }),
})
const Asset = z.object({ status: z.string(), variants: z.array(z.object({ url: z.string().nullish() })) })

/** Uploads a photo to a Darkroom in local mode: presign, PUT, confirm, wait until it is ready, fetch a variant. */
export async function uploadPhoto(origin: string): Promise<void> {
  const bytes = new Uint8Array(await readFile(PHOTO))
  const body = { filename: 'photo.webp', contentType: 'image/webp', byteSize: bytes.length }
  const { asset, upload } = Created.parse(await call(origin, 'POST', '/v1/uploads', body))
  await answered(await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: bytes }))
  await call(origin, 'POST', `/v1/uploads/${upload.id}/confirm`)
  const { status, variants } = Asset.parse(await call(origin, 'GET', `/v1/assets/${asset.id}?wait=25`))
  const url = variants.find(variant => variant.url)?.url
  if (status !== 'ready' || !url) throw new Error(`the photo is ${status}`)
  await answered(await fetch(url))
}

async function call(origin: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${KEY}`, ...(body && { 'content-type': 'application/json' }) }
  const response = await fetch(new URL(path, origin), { method, headers, body: body ? JSON.stringify(body) : null })
  return JSON.parse(await answered(response))
}

async function answered(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`)
  return text
}
