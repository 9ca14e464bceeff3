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

interface TargetBox extends Box {
  /** Of the format, in pixels: a screenshot of a whole page is longer than a WebP may be. */
  maxSide?: number
}

/** Returns the exact size of an image that is made of a source: the image in it is never enlarged, and never of zero pixels. */
export function targetSize(source: Size, spec: TargetBox): Size {
  const { width = Infinity, height = Infinity, maxSide = Infinity } = spec
  const fit = usedFit(spec)
  if (fit === 'pad') return limited({ width, height }, maxSide)
  const padding = usedPadding(spec)
  return grown(CONTENT_SIZE[fit](source, shrunk({ width, height }, padding), maxSide - 2 * padding), padding)
}

/** Returns the size of the source's image in a planned one: what padding, and the canvas of `pad`, leave of it. */
export function contentSize(source: Size, planned: Size & { fit: Fit; padding: number }): Size {
  const inner = shrunk(planned, planned.padding)
  return planned.fit === 'pad' ? inside(source, inner) : inner
}

/** Returns the fit that takes effect. `cover` and `pad` need a box; with one side only there is nothing to crop or to fill. */
export const usedFit = ({ width, height, fit }: Box): Fit =>
  width !== undefined && height !== undefined ? fit : 'inside'

/** Returns padding that leaves at least one pixel of the image. */
export const usedPadding = ({ width = Infinity, height = Infinity, padding = 0 }: Box): number =>
  Math.min(padding, Math.floor((Math.min(width, height) - 1) / 2))

/** Both keep the ratio where the format has no room for a side: that limits the factor, not the side alone. */
const CONTENT_SIZE: Record<Exclude<Fit, 'pad'>, (source: Size, box: Size, maxSide: number) => Size> = {
  /** The box itself, shrunk proportionally so that the source fills it without being enlarged. */
  cover: (source, box, maxSide) => inside(box, limited(source, maxSide)),
  /** The source, shrunk proportionally so that it fits into the box. */
  inside: (source, box, maxSide) => inside(source, limited(box, maxSide)),
}

/** Returns a size that is shrunk proportionally until it fits into a box. */
function inside(size: Size, box: Size): Size {
  return scaled(size, Math.min(1, box.width / size.width, box.height / size.height))
}

const limited = ({ width, height }: Size, maxSide: number): Size => ({
  width: Math.min(width, maxSide),
  height: Math.min(height, maxSide),
})

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
