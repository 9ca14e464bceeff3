import { boxes, FULL_BOX_BYTES } from '../../isobmff/boxes.ts'
import { type Extent, readItemLocations } from '../../privacy/heif-items.ts'
import type { SourceWarning } from '../../source-warning.ts'
import { damageOf } from '../damage-of.ts'
import { isCompletePicture } from '../hevc/complete-picture.ts'
import { auxiliariesOf, find, isAlpha, ownProperties, primaryOf, readMeta, referencesOf } from './heif-meta.ts'

/** A coded picture: a tile, or all of it. */
interface Tile {
  /** Its `hvcC`. */
  config: Buffer
  extents: readonly Extent[]
}

/**
 * Returns what is broken of an image in HEVC: its decoder fills up what it cannot read, and says nothing. Null where nothing is, or it cannot
 * be told.
 * @throws MediaFault CORRUPT_FILE when it is too much
 */
export async function damageOfHeif(path: string, file: Buffer, maxPixels: number): Promise<SourceWarning | null> {
  const tiles = await tilesOf(path)
  const byPlace = new Map(tiles.map(tile => [tile.extents.join(), tile]))
  // What lies over each other could be a thousand times the file.
  if (bytesIn([...byPlace.values()].flatMap(({ extents }) => extents)) > file.length) return null
  const isBroken = ({ config, extents }: Tile) => isCompletePicture(config, bytesOf(file, extents), maxPixels) === false
  const broken = new Set([...byPlace].flatMap(([place, tile]) => (isBroken(tile) ? [place] : [])))
  return damageOf(tiles.filter(({ extents }) => broken.has(extents.join())).length, tiles.length, 'tiles')
}

/** Finds the tiles of the shown image and its alpha; none where the container does not describe them readably. */
async function tilesOf(path: string): Promise<Tile[]> {
  const bytes = await readMeta(path)
  if (!bytes) return []
  try {
    const meta = [...boxes(bytes.bytes.subarray(FULL_BOX_BYTES))]
    const locations = new Map(readItemLocations(find(meta, 'iloc') ?? Buffer.alloc(0)))
    const own = ownProperties(meta)
    const primary = primaryOf(meta)
    const parts = new Map(referencesOf(meta, 'dimg').map(({ from, to }) => [from, to]))
    const alpha = auxiliariesOf(meta, primary).filter(id => own.get(id)?.some(isAlpha))
    return leavesOf([primary, ...alpha], parts).flatMap(id => {
      const config = own.get(id)?.find(({ type }) => type === 'hvcC')?.bytes
      const extents = locations.get(id)
      // One that does not say how long it is goes on to the end of the file.
      return config && extents && bytesIn(extents) > 0 ? [{ config, extents }] : []
    })
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

/** Collects the items of which others are composed, each once. */
function leavesOf(roots: readonly number[], parts: ReadonlyMap<number, readonly number[]>): number[] {
  const seen = new Set(roots)
  // What is added while it is walked through is walked through as well.
  for (const id of seen) for (const part of parts.get(id) ?? []) seen.add(part)
  return [...seen].filter(id => !parts.has(id))
}

const bytesIn = (extents: readonly Extent[]): number => extents.reduce((sum, [, length]) => sum + length, 0)

function bytesOf(file: Buffer, extents: readonly Extent[]): Buffer {
  const [first] = extents
  if (first && extents.length === 1) return file.subarray(first[0], first[0] + first[1])
  return Buffer.concat(extents.map(([at, length]) => file.subarray(at, at + length)))
}
