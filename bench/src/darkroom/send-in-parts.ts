import { openAsBlob } from 'node:fs'
import { inParallel, lanes } from '../measure/in-parallel.ts'
import type { DarkroomClient, Declared, Sent } from './contract.ts'

const PARTS_AT_ONCE = 3

/** Declares a file and sends it in parts, as the page does; read from disk piece by piece. It is not confirmed yet. */
export async function sendInParts(client: DarkroomClient, declared: Declared, file: string): Promise<Sent> {
  const { asset, upload } = await client.declare(declared)
  if (upload.type !== 'multipart') throw new Error('the service asks for one PUT where parts were wanted')
  const { id, partSize, partCount } = upload
  const blob = await openAsBlob(file)
  const partNumbers = Array.from({ length: partCount }, (_, index) => index + 1)
  await inParallel(partNumbers, lanes(PARTS_AT_ONCE), async partNumber => {
    const start = (partNumber - 1) * partSize
    const body = blob.slice(start, start + partSize)
    const response = await fetch(await client.signPart(id, partNumber), { method: 'PUT', body })
    if (!response.ok) throw new Error(`the store answered ${response.status}: ${await response.text()}`)
  })
  return { assetId: asset.id, uploadId: id }
}
