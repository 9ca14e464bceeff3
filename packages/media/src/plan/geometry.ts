export interface Size {
  width: number
  height: number
}

export type Fit = 'cover' | 'inside' | 'pad'

interface Box {
  width?: number | undefined
  height?: number | undefined
  fit: Fit
  padding?: number
}

/** Returns the exact size of an image that is made of a source: the image in it is never enlarged, and never of zero pixels. */
export function targetSize(source: Size, spec: Box): Size {
  const { width = Infinity, height = Infinity } = spec
  if (usedFit(spec) === 'pad') return { width, height }
  return grown(CONTENT_SIZE[usedFit(spec)](source, shrunk({ width, height }, usedPadding(spec))), usedPadding(spec))
}

/** Returns the size of the source's image in a planned one: what padding, and the canvas of `pad`, leave of it. */
export function contentSize(source: Size, planned: Size & { fit: Fit; padding: number }): Size {
  const inner = shrunk(planned, planned.padding)
  return planned.fit === 'pad' ? CONTENT_SIZE.pad(source, inner) : inner
}

/** Returns the fit that takes effect. `cover` and `pad` need a box; with one side only there is nothing to crop or to fill. */
export const usedFit = ({ width, height, fit }: Box): Fit =>
  width !== undefined && height !== undefined ? fit : 'inside'

/** Returns padding that leaves at least one pixel of the image. */
export const usedPadding = ({ width = Infinity, height = Infinity, padding = 0 }: Box): number =>
  Math.min(padding, Math.floor((Math.min(width, height) - 1) / 2))

const inside = (source: Size, box: Size): Size =>
  scaled(source, Math.min(1, box.width / source.width, box.height / source.height))

const CONTENT_SIZE: Record<Fit, (source: Size, box: Size) => Size> = {
  /** The box itself, shrunk proportionally so that the source fills it without being enlarged. */
  cover: (source, box) => scaled(box, Math.min(1, source.width / box.width, source.height / box.height)),
  /** The source, shrunk proportionally so that it fits into the box. */
  inside,
  pad: inside,
}

const shrunk = ({ width, height }: Size, by: number): Size => ({ width: width - 2 * by, height: height - 2 * by })
const grown = (size: Size, by: number): Size => shrunk(size, -by)

export function scaled(size: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(size.width * factor)), height: Math.max(1, Math.round(size.height * factor)) }
}

/** Returns the smallest source out of which all these variants can be made without enlarging it again. */
export function neededSize(source: Size, variants: readonly (Size & { fit: Fit; padding: number })[]): Size {
  const contents = variants.map(variant => contentSize(source, variant))
  const factors = contents.map(({ width, height }) => Math.max(width / source.width, height / source.height))
  const { width, height } = scaled(source, Math.min(1, Math.max(0, ...factors)))
  return {
    width: Math.min(source.width, Math.max(width, ...contents.map(size => size.width))),
    height: Math.min(source.height, Math.max(height, ...contents.map(size => size.height))),
  }
}
