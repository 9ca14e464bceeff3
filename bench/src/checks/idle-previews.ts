import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '@darkroom/contracts'
import type { DarkroomClient } from '../darkroom/contract.ts'
import type { Photo } from '../photos/photo.ts'

/** So that nothing of the photo before is still going on. */
const PAUSE_MS = 300

/** Sends photos one at a time, each only after the one before is finished. */
export async function sendOneByOne(client: DarkroomClient, photos: readonly Photo[]): Promise<Asset[]> {
  const assets: Asset[] = []
  for (const photo of photos) {
    const sent = await client.send(photo, new Uint8Array(await readFile(photo.file)))
    await sleep(PAUSE_MS)
    await client.confirm(sent)
    const asset = await client.waitFor(sent.assetId)
    if (asset.status !== 'ready') throw new Error(`${photo.name} is ${asset.status}`)
    assets.push(asset)
  }
  return assets
}
