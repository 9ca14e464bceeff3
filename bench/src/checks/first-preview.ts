import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { encoderOptions, type MediaPool } from '@darkroom/media'
import sharp from 'sharp'
import type { Darkroom } from '../darkroom/darkroom-contender.ts'
import { withPoolChild } from '../measure/media-pool.ts'
import { median } from '../measure/statistics.ts'
import type { Photo } from '../photos/photo.ts'
import { sendOneByOne } from './idle-previews.ts'
import { previewMs } from './previews.ts'

/** Medians in milliseconds, of the same photo. */
export interface FirstPreview {
  photo: string
  megapixels: number
  /** sharp alone: a 256 px cover thumb in WebP from the file. */
  sharpMs: number
  /** Darkroom's media processes: from bytes on disk to the announcement of the thumb's file. */
  poolMs: number
  /** Confirm to published thumb, without the download: dispatch, claim, probe, plan, thumb, upload and commit. */
  publishedMs: number
  downloadMs: number
}

const WANTED_PIXELS = 12_000_000

/** Chooses the JPEG whose size is closest to 12 MP. */
export function previewPhoto(photos: readonly Photo[]): Photo {
  const distance = ({ facts }: Photo) => Math.abs(facts.width * facts.height - WANTED_PIXELS)
  const jpegs = photos.filter(({ contentType }) => contentType === 'image/jpeg')
  const [nearest] = (jpegs.length > 0 ? jpegs : photos).toSorted((a, b) => distance(a) - distance(b))
  if (!nearest) throw new Error('there are no photos')
  return nearest
}

export async function measureFirstPreview(
  photo: Photo,
  { pool, darkroom, tempDir, repeats }: { pool: MediaPool; darkroom: Darkroom; tempDir: string; repeats: number },
): Promise<FirstPreview> {
  const workDir = join(tempDir, 'first-preview')
  await mkdir(workDir)
  const samples = { sharp: [] as number[], pool: [] as number[], download: [] as number[], confirmed: [] as number[] }
  // One of each in turn, so that a busy moment of the machine hits all alike; the first turn warms up.
  for (let round = 0; round <= repeats; round++) {
    const [asset] = await sendOneByOne(darkroom.client, [photo])
    if (!asset) throw new Error('nothing was sent')
    const times = {
      confirmed: previewMs(asset),
      download: await timeDownload(darkroom, asset.id, join(workDir, 'download')),
      sharp: await timed(() => sharpThumb(photo)),
      pool: await timePool(pool, photo, workDir),
    }
    if (round === 0) continue
    for (const name of ['confirmed', 'download', 'sharp', 'pool'] as const) samples[name].push(times[name])
  }
  await rm(workDir, { recursive: true })
  const downloadMs = median(samples.download)
  return {
    photo: photo.name,
    megapixels: (photo.facts.width * photo.facts.height) / 1e6,
    sharpMs: median(samples.sharp),
    poolMs: median(samples.pool),
    publishedMs: median(samples.confirmed) - downloadMs,
    downloadMs,
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

const sharpThumb = ({ file }: Photo): Promise<Buffer> =>
  sharp(file)
    .autoOrient()
    .resize(256, 256, { fit: 'cover' })
    .webp(encoderOptions({ format: 'webp', quality: 80 }))
    .toBuffer()

async function timePool(pool: MediaPool, { file, contentType, variants }: Photo, outDir: string): Promise<number> {
  const startedMs = performance.now()
  let firstMs = 0
  await withPoolChild(pool, async child => {
    const facts = await child.probe({ file, declaredType: contentType })
    const onVariant = () => {
      firstMs ||= performance.now() - startedMs
    }
    await child.render({ file, facts, plan: { kind: facts.kind, variants, skipped: [] }, outDir }, { onVariant })
  })
  return firstMs
}

const timeDownload = ({ client }: Darkroom, assetId: string, file: string): Promise<number> =>
  timed(async () => {
    const { ok, status, body } = await client.download(assetId)
    if (!ok || !body) throw new Error(`the original of ${assetId} answered ${status}`)
    await pipeline(body, createWriteStream(file))
  })
