import { converter, differenceCiede2000 } from 'culori'
import type { Raster } from './raster.ts'

const toLab = converter('lab65')
const difference = differenceCiede2000()

/** Computes CIEDE2000 for each pixel of two rasters of one size: 1 is a just noticeable difference. */
export function deltaE2000(one: Raster, other: Raster): Float32Array {
  const differences = new Float32Array(one.width * one.height)
  for (let pixel = 0; pixel < differences.length; pixel++) {
    differences[pixel] = difference(labAt(one, pixel), labAt(other, pixel))
  }
  return differences
}

const labAt = ({ data }: Raster, pixel: number) =>
  toLab({
    mode: 'rgb',
    r: (data[pixel * 3] ?? 0) / 255,
    g: (data[pixel * 3 + 1] ?? 0) / 255,
    b: (data[pixel * 3 + 2] ?? 0) / 255,
  })
