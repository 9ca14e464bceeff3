import { boxes, FULL_BOX_BYTES } from '../../isobmff/boxes.ts'
import { type Extent, readLocations } from '../../privacy/item-bytes.ts'
import type { SourceWarning } from '../../source-warning.ts'
import { damageOf } from '../damage-of.ts'
import { isWholePicture } from '../hevc/whole-picture.ts'
import { auxiliariesOf, find, isAlpha, ownProperties, primaryOf, readMeta, referencesOf } from './heif-meta.ts'

/** A coded picture: a tile, or all of it. */
interface Tile {
  /** Its `hvcC`. */
  config: Buffer
  extents: readonly Extent[]
}

/**
 * What is broken of a picture in HEVC: its decoder fills up what it cannot read, and says nothing. Null where nothing is, or it cannot
 * be told.
 * @throws MediaFault CORRUPT_FILE when it is too much
 */
export async function damageOfHeif(path: string, file: Buffer, maxPixels: number): Promise<SourceWarning | null> {
  const tiles = await tilesOf(path)
  const checked = new Map<string, boolean>()
  const isBroken = ({ config, extents }: Tile) => {
    const place = extents.join()
    const known = checked.get(place)
    if (known !== undefined) return known
    const data = bytesOf(file, extents)
    const isDamaged = data !== null && isWholePicture(config, data, maxPixels) === false
    checked.set(place, isDamaged)
    return isDamaged
  }
  return damageOf(tiles.filter(isBroken).length, tiles.length, 'tiles')
}

/** Those that the shown picture and its opacity are made of; none where the container does not say it in a way that can be read. */
async function tilesOf(path: string): Promise<Tile[]> {
  const bytes = await readMeta(path)
  if (!bytes) return []
  try {
    const meta = [...boxes(bytes.bytes.subarray(FULL_BOX_BYTES))]
    const locations = new Map(readLocations(find(meta, 'iloc') ?? Buffer.alloc(0)))
    const own = ownProperties(meta)
    const primary = primaryOf(meta)
    const parts = new Map(referencesOf(meta, 'dimg').map(({ from, to }) => [from, to]))
    const alpha = auxiliariesOf(meta, primary).filter(id => own.get(id)?.some(isAlpha))
    return leavesOf([primary, ...alpha], parts).flatMap(id => {
      const config = own.get(id)?.find(({ type }) => type === 'hvcC')?.bytes
      const extents = locations.get(id)
      return config && extents ? [{ config, extents }] : []
    })
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

/** The items that others are made of, each once. */
function leavesOf(roots: readonly number[], parts: ReadonlyMap<number, readonly number[]>): number[] {
  const seen = new Set(roots)
  // What is added while it is walked through is walked through as well.
  for (const id of seen) for (const part of parts.get(id) ?? []) seen.add(part)
  return [...seen].filter(id => !parts.has(id))
}

/** Null where it does not say how long it is, or its parts lie over each other: together they could be more than there is memory. */
function bytesOf(file: Buffer, extents: readonly Extent[]): Buffer | null {
  const [first] = extents
  const length = extents.reduce((sum, [, length]) => sum + length, 0)
  if (length === 0 || length > file.length) return null
  if (first && extents.length === 1) return file.subarray(first[0], first[0] + first[1])
  return Buffer.concat(extents.map(([at, length]) => file.subarray(at, at + length)))
}
