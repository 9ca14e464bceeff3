import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Asset } from '@darkroom/contracts'
import { sendOneByOne } from '../checks/idle-previews.ts'
import type { DarkroomClient } from '../darkroom/contract.ts'
import type { Photo } from '../photos/photo.ts'

const LOOK_EVERY_MS = 100

/** Makes a 1080p video with the fastest settings of the encoder: small enough for a single PUT, and slow to process. */
async function makeVideo(folder: string, seconds: number) {
  const file = join(folder, 'video.mp4')
  const videoInput = ['-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${seconds}`]
  const audio = ['-f', 'lavfi', '-i', `sine=d=${seconds}:r=48000`]
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...videoInput, ...audio, ...encoder, file])
  const { size } = await stat(file)
  return { file, name: 'video.mp4', contentType: 'video/mp4', byteSize: size }
}

interface BehindVideos {
  photos: Asset[]
  videos: Asset[]
  /** How many of the photos were there before a video was. */
  first: number
}

/**
 * Photos one at a time while there is a video of another project for every media process, and one more that waits: they begin when the
 * videos have every place.
 */
export async function photosBehindVideos(
  clients: { photos: DarkroomClient; videos: DarkroomClient },
  input: { photos: readonly Photo[]; seconds: number; folder: string },
): Promise<BehindVideos> {
  const places = availableParallelism()
  const video = await makeVideo(input.folder, input.seconds)
  const bytes = new Uint8Array(await readFile(video.file))
  const ids: string[] = []
  while (ids.length <= places) {
    const sent = await clients.videos.send(video, bytes)
    await clients.videos.confirm(sent)
    ids.push(sent.assetId)
  }
  while ((await clients.videos.statuses(ids)).filter(isBegun).length < places) await sleep(LOOK_EVERY_MS)
  const photos = await sendOneByOne(clients.photos, input.photos)
  const videos: Asset[] = []
  for (const id of ids) videos.push(await settled(clients.videos, id))
  const firstVideo = Math.min(...videos.map(({ readyAt }) => Date.parse(readyAt ?? '')))
  return { photos, videos, first: photos.filter(({ readyAt }) => Date.parse(readyAt ?? '') < firstVideo).length }
}

/** Its poster is there, so that it has a place. */
const isBegun = ({ variants }: Asset) => variants.some(({ status }) => status === 'ready')

async function settled(client: DarkroomClient, id: string): Promise<Asset> {
  for (;;) {
    const asset = await client.waitFor(id)
    if (asset.status === 'ready') return asset
    if (asset.status !== 'processing') throw new Error(`a video is ${asset.status}`)
  }
}
