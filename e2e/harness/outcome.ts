import { type Client, type FileToUpload, put } from './client.ts'
import type { Asset, Problem, UploadCreated } from './contract.ts'

/** A ladder takes its time on a busy machine. */
const SETTLED_WITHIN_MS = 170_000

/** How an upload ended: `ready`, `partial`, or the code of the reason why not. */
export interface Outcome {
  code: string
  /** Null for what was refused before a byte was sent. */
  asset: Asset | null
}

/** Uploads a file and waits for its end, however that is reached. */
export async function outcomeOf(client: Client, file: FileToUpload, more: object = {}): Promise<Outcome> {
  const { name: filename, contentType, bytes } = file
  const declaration = { filename, contentType, byteSize: bytes.length, ...more }
  const created = await client.request<UploadCreated & Problem>('POST', '/v1/uploads', { json: declaration })
  if (created.status !== 201) return { code: created.body.code, asset: null }
  const { status, text } = await put(created.body.upload, bytes)
  if (status !== 200) throw new Error(`the store answered ${status}: ${text}`)
  await client.confirm(created.body.upload.id)
  const asset = await client.settled(created.body.asset.id, SETTLED_WITHIN_MS)
  return { code: asset.status === 'failed' ? (asset.error?.code ?? 'no code') : asset.status, asset }
}

/** Does one after the other, a few at a time. */
export async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
