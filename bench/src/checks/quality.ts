import type { Asset } from '@darkroom/contracts'
import sharp from 'sharp'
import { ssim } from 'ssim.js'
import { SHARP_WORK, sharpJob } from '../contenders/sharp-work.ts'
import { fetchVariant } from '../darkroom/darkroom-contender.ts'
import { mean } from '../measure/statistics.ts'
import type { Photo } from '../photos/photo.ts'

export interface Quality {
  variant: string
  mean: number
  worst: number
  worstPhoto: string
}

/** Measures how similar Darkroom's published files are to those that sharp makes of the same source; 1 is identical. */
export async function measureQuality(photos: readonly Photo[], assets: readonly Asset[]): Promise<Quality[]> {
  const found: { variant: string; photo: string; similarity: number }[] = []
  for (const [index, photo] of photos.entries()) {
    const asset = assets[index]
    if (!asset) throw new Error(`${photo.name} is missing`)
    const direct = await SHARP_WORK.perVariant(sharpJob(photo))
    for (const [at, { name }] of photo.variants.entries()) {
      const similarity = await similarityOf(await fetchVariant(asset, name), direct[at] ?? Buffer.alloc(0))
      found.push({ variant: name, photo: photo.name, similarity })
    }
  }
  return [...Map.groupBy(found, ({ variant }) => variant)].map(([variant, all]) => {
    const worst = all.reduce((low, one) => (one.similarity < low.similarity ? one : low))
    const average = mean(all.map(({ similarity }) => similarity))
    return { variant, mean: average, worst: worst.similarity, worstPhoto: worst.photo }
  })
}

async function similarityOf(one: Buffer, other: Buffer): Promise<number> {
  return ssim(await pixels(one), await pixels(other)).mssim
}

async function pixels(encoded: Buffer) {
  const { data, info } = await sharp(encoded).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height }
}
