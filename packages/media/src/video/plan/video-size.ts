import { type Size, scaled } from '../../plan/geometry.ts'

/** Widest and highest that decoders in hardware take. */
const MAX_SIDE = 8192

/** Returns the size of a video whose short side is at most `resolution`: never enlarged, and even, because 4:2:0 halves each side. */
export function videoSize(source: Size, resolution: number): Size {
  const { width, height } = source
  return evenSize(source, Math.min(1, resolution / Math.min(width, height), MAX_SIDE / Math.max(width, height)))
}

/** Returns the source times `factor` (at most 1), each side the nearest even number that is not larger than the source's. */
export function evenSize(source: Size, factor: number): Size {
  const half = scaled(source, factor / 2)
  return { width: nearest(half.width, source.width), height: nearest(half.height, source.height) }
}

const nearest = (half: number, most: number): number => Math.max(2, Math.min(half * 2, most - (most % 2)))
