import { MediaFault } from '../../fault.ts'
import type { Size } from '../../plan/geometry.ts'
import { fromRaster, type Raster, toRaster } from '../raster.ts'
import type { HeifProperties, Transform } from './heif-properties.ts'

/**
 * Returns whether libheif leaves the opacity as it is stored. It crops, rotates and mirrors the colours of an image as its
 * properties say, but the opacity only where the same is said of that once more. Few writers do so: browsers take it for granted.
 */
export const leavesAlphaBehind = ({ transforms, alphaTransforms }: HeifProperties): boolean =>
  alphaTransforms !== null && JSON.stringify(transforms) !== JSON.stringify(alphaTransforms)

/** Returns the file with properties that change nothing in the place of those: colours and opacity are decoded as they are stored. */
export function withoutTransforms(file: Buffer, { places, width, height }: HeifProperties): Buffer {
  for (const { type, at } of places) {
    if (type === 'clap') wholeAperture({ width, height }).copy(file, at)
    else {
      // A turn by nothing; a mirror cannot be told to do nothing.
      file.write('irot', at - 4, 'latin1')
      file[at] = 0
    }
  }
  return file
}

/** Writes an aperture for the whole image as four fractions: width, height, and the distance from the centre. */
function wholeAperture({ width, height }: Size): Buffer {
  const bytes = Buffer.alloc(32)
  for (const [n, value] of [width, 1, height, 1, 0, 1, 0, 1].entries()) bytes.writeUInt32BE(value, n * 4)
  return bytes
}

/** Does to colours and opacity what the properties say. @throws MediaFault CORRUPT_FILE when that gives no such size */
export async function transformed(raster: Raster, transforms: readonly Transform[], size: Size): Promise<Raster> {
  let upright = raster
  for (const transform of transforms) upright = await toRaster(applied(upright, transform))
  if (upright.width === size.width && upright.height === size.height) return upright
  throw new MediaFault('CORRUPT_FILE', 'The file has contradictory sizes')
}

function applied(raster: Raster, transform: Transform) {
  const image = fromRaster(raster)
  if (transform.type === 'irot') return image.rotate((4 - transform.angle) * 90)
  if (transform.type === 'imir') return transform.axis === 0 ? image.flip() : image.flop()
  const width = side(transform.width, raster.width)
  const height = side(transform.height, raster.height)
  const left = start(raster.width, width, transform.offX)
  const top = start(raster.height, height, transform.offY)
  return image.extract({ left, top, width, height })
}

const side = (length: number, whole: number): number => Math.max(1, Math.min(whole, Math.round(length) || 1))

const start = (whole: number, part: number, offset: number): number =>
  Math.max(0, Math.min(whole - part, Math.round((whole - part) / 2 + offset) || 0))
