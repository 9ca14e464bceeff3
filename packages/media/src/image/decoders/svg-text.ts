import { MediaFault, overLimit } from '../../fault.ts'
import type { Limits } from '../../limits.ts'
import { readSvg, type SvgContent, styleOf } from './read-svg.ts'
import { repeatedElements } from './svg-references.ts'

/** Two to three seconds of CPU when they are small. librsvg counts references only, not what they draw, and stops at 500,000. */
const MAX_REPEATED = 200_000

/**
 * Checks an SVG and returns it as the UTF-8 that was checked, so that the decoder parses the very same text.
 * @throws MediaFault CORRUPT_FILE; UNSUPPORTED_TYPE for entities, which grow without end or name files, for encodings that hide
 * them, and for parts that are repeated without end; TOO_MANY_PIXELS
 */
export function checkedSvg(bytes: Uint8Array, { maxDimension }: Pick<Limits, 'maxDimension'>): Buffer {
  const { text, root, drawing } = readSvg(bytes)
  if (repeatedElements(drawing) > MAX_REPEATED) {
    throw new MediaFault(
      'UNSUPPORTED_TYPE',
      `SVG files that repeat more than ${MAX_REPEATED} elements are not supported`,
    )
  }
  // libvips takes a size beyond its integers for 1 × 1.
  if (claimedPx(root) > maxDimension) {
    throw overLimit('maxDimension', 'TOO_MANY_PIXELS', `The SVG is more than ${maxDimension} pixels wide or high`)
  }
  return Buffer.from(text, 'utf8')
}

/**
 * Returns the largest side that the root requests, in its own unit: of style, width and height, or else of the view
 * box.
 */
function claimedPx(root: SvgContent['root']): number {
  const box =
    root
      .get('viewBox')
      ?.trim()
      .split(/[\s,]+/) ?? []
  const style = root.get('style') ?? ''
  const sides = ['width', 'height'].flatMap((side, index) => {
    const said = [styleOf(style, side), root.get(side)].map(length => lengthOf(length ?? ''))
    const absolute = said.filter(length => length !== null)
    return absolute.length > 0 ? absolute : [Number(box[2 + index])]
  })
  return Math.max(0, ...sides.filter(side => !Number.isNaN(side)))
}

/** Parses a length; null when there is none or a relative one. */
function lengthOf(text: string): number | null {
  const [, value, unit] = /^\s*([\d.e+-]+)\s*(%?)/i.exec(text) ?? []
  return value === undefined || unit === '%' ? null : Number(value)
}
