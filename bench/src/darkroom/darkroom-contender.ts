import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '@darkroom/contracts'
import sharp from 'sharp'
import type { Contender } from '../contenders/contender.ts'
import { ROW_IDS } from '../contenders/row-ids.ts'
import { inParallel, lanes } from '../measure/in-parallel.ts'
import type { Photo } from '../photos/photo.ts'
import { createClient, type DarkroomClient, type Sent } from './contract.ts'
import { createKey } from './create-key.ts'
import { type DarkroomProcess, startDarkroomProcess } from './darkroom-process.ts'
import { type StoreProcess, startStoreProcess } from './store-process.ts'

export interface Darkroom extends Contender {
  client: DarkroomClient
  sandbox: string
  /** The finished assets of the last run, in the order of its photos. */
  lastAssets(): Asset[]
}

const SENDERS = 4
const CONFIRMERS = 8
/** What `Retry-After` asks for. The time is taken from `readyAt`, so this does not round it. */
const POLL_MS = 1000
const GIVE_UP_MS = 15 * 60_000
/** Of how many assets the files are fetched and looked at after a run. */
const SAMPLE = 3

/** Starts a separate Darkroom with the store in its process, as `npm start` does. */
export async function startDarkroom(tempDir: string): Promise<Darkroom> {
  const darkroom = await startDarkroomProcess(join(tempDir, 'darkroom'))
  return contenderOf({ id: ROW_IDS.darkroom, label: 'Darkroom, confirm to ready, store in process' }, darkroom)
}

/** Starts a separate Darkroom that reaches its store over S3, as every installation on B2 does. */
export async function startDarkroomOverS3(tempDir: string): Promise<Darkroom> {
  const dataDir = join(tempDir, 'darkroom-s3')
  const store = await startStoreProcess(join(tempDir, 'store'))
  try {
    const darkroom = await startDarkroomProcess(dataDir, store.env)
    const key = await createKey({ DARKROOM_DATA: dataDir }, 'bench')
    return contenderOf({ id: ROW_IDS.darkroomOverS3, label: 'Darkroom, confirm to ready, store over S3' }, darkroom, {
      store,
      key,
    })
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Creates a contender. Its time runs from the first confirm to the moment when the last asset is ready. */
function contenderOf(
  name: Pick<Contender, 'id' | 'label'>,
  darkroom: DarkroomProcess,
  { store, key }: { store?: StoreProcess; key?: string } = {},
): Darkroom {
  const client = createClient(darkroom.url, key)
  let sent: Sent[] = []
  let raced: readonly Photo[] = []
  let last: Asset[] = []
  return {
    ...name,
    pids: store ? [darkroom.pid, store.pid] : [darkroom.pid],
    client,
    sandbox: darkroom.sandbox,
    lastAssets: () => last,
    async prepare(photos) {
      sent = await sendAll(client, photos)
    },
    async run(photos) {
      const confirmedMs = Date.now()
      await inParallel(sent, lanes(CONFIRMERS), one => client.confirm(one))
      last = await untilSettled(client, sent, confirmedMs + GIVE_UP_MS)
      raced = photos
      const readyMs = Math.max(...last.map(asset => Date.parse(asset.readyAt ?? '')))
      return { images: photos.length, seconds: (readyMs - confirmedMs) / 1000 }
    },
    check: () => verify(raced, last),
    async close() {
      await darkroom.close()
      await store?.close()
    },
  }
}

async function sendAll(client: DarkroomClient, photos: readonly Photo[]): Promise<Sent[]> {
  const sent = new Map<Photo, Sent>()
  await inParallel(photos, lanes(SENDERS), async photo => {
    sent.set(photo, await client.send(photo, new Uint8Array(await readFile(photo.file))))
  })
  return photos.flatMap(photo => sent.get(photo) ?? [])
}

async function untilSettled(client: DarkroomClient, sent: Sent[], deadlineMs: number): Promise<Asset[]> {
  const settled = new Map<string, Asset>()
  while (settled.size < sent.length) {
    if (Date.now() > deadlineMs) throw new Error(`only ${settled.size} of ${sent.length} assets were ready in time`)
    await sleep(POLL_MS)
    const waiting = sent.map(({ assetId }) => assetId).filter(id => !settled.has(id))
    for (const asset of await client.statuses(waiting)) {
      if (asset.status !== 'processing') settled.set(asset.id, asset)
    }
  }
  return sent.flatMap(({ assetId }) => settled.get(assetId) ?? [])
}

/** Throws unless everything is there that was to be made, in the sizes that were planned. */
async function verify(photos: readonly Photo[], assets: readonly Asset[]): Promise<void> {
  for (const [index, photo] of photos.entries()) {
    const asset = assets[index]
    if (!asset) throw new Error(`${photo.name} was lost`)
    const made = asset.variants.filter(one => one.status !== 'skipped')
    const isWhole = made.length === photo.variants.length && made.every(one => one.status === 'ready')
    if (asset.status !== 'ready' || !isWhole) throw new Error(`${photo.name} is not ready: ${JSON.stringify(asset)}`)
    if (index < SAMPLE) await verifyFiles(photo, asset)
  }
}

async function verifyFiles(photo: Photo, asset: Asset): Promise<void> {
  for (const { name, width, height, format } of photo.variants) {
    const { info } = await sharp(await fetchVariant(asset, name))
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (info.width === width && info.height === height) continue
    throw new Error(`${name} (${format}) of ${photo.name} is ${info.width}×${info.height}, not ${width}×${height}`)
  }
}

/** Fetches a published file from its public URL. */
export async function fetchVariant(asset: Asset, name: string): Promise<Buffer> {
  const url = asset.variants.find(variant => variant.name === name)?.url
  if (!url) throw new Error(`asset ${asset.id} has no ${name}`)
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
