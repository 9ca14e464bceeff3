import { thumbHashToRGBA } from 'thumbhash'

/** A small image, four bytes a pixel. */
export interface Pixels {
  width: number
  height: number
  rgba: Uint8ClampedArray<ArrayBuffer>
}

const SHORTEST_HASH_BYTES = 5

/** Decodes a base64 ThumbHash (https://evanw.github.io/thumbhash/). Null when it is not one. */
export function decodeThumbhash(base64: string): Pixels | null {
  const hash = bytesOf(base64)
  if (!hash || hash.length < SHORTEST_HASH_BYTES) return null
  const { w: width, h: height, rgba } = thumbHashToRGBA(hash)
  // A hash of nonsense can ask for an image without pixels, which no canvas takes.
  if (!(width > 0 && height > 0)) return null
  return { width, height, rgba: new Uint8ClampedArray(rgba) }
}

function bytesOf(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  } catch {
    return null
  }
}
