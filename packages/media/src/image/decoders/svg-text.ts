import { MediaFault, overLimit } from '../../fault.ts'
import type { Limits } from '../../limits.ts'
import { decodeXml } from '../../probe/xml-text.ts'
import { usedElements } from './svg-uses.ts'

/** librsvg stops at 500,000 by itself, after some seconds. */
const MAX_USED = 10_000

const DECLARATION = /^\s*<\?xml[^>]*>/
const ROOT = /<(?:[\w-]+:)?svg\b[^>]*/
const SIDES = [/\swidth\s*=\s*["']\s*([\d.e+-]+)\s*(%?)/i, /\sheight\s*=\s*["']\s*([\d.e+-]+)\s*(%?)/i]
const VIEW_BOX = /\sviewBox\s*=\s*["']([^"']*)/

/**
 * A drawing as the UTF-8 that was checked, so that the decoder parses the very same text.
 * @throws MediaFault UNSUPPORTED_TYPE for entities, which grow without end or name files, for encodings that hide them, and
 * for parts that are repeated without end; TOO_MANY_PIXELS
 */
export function checkedSvg(bytes: Buffer, { maxDimension }: Pick<Limits, 'maxDimension'>): Buffer {
  const text = decodeXml(bytes)
  if (text === null) throw new MediaFault('UNSUPPORTED_TYPE', 'SVG files must be UTF-8 or UTF-16')
  if (text.includes('<!ENTITY')) throw new MediaFault('UNSUPPORTED_TYPE', 'SVG files with entities are not supported')
  if (usedElements(text, MAX_USED) > MAX_USED) {
    throw new MediaFault('UNSUPPORTED_TYPE', `SVG files that repeat more than ${MAX_USED} elements are not supported`)
  }
  // libvips takes a size beyond its integers for 1 × 1.
  if (claimedPx(text) > maxDimension) {
    throw overLimit('maxDimension', 'TOO_MANY_PIXELS', `The SVG is more than ${maxDimension} pixels wide or high`)
  }
  return Buffer.from(text.replace(DECLARATION, ''), 'utf8')
}

/** The largest side that the root asks for, in its own unit: of width and height, or else of the view box. */
function claimedPx(text: string): number {
  const root = ROOT.exec(text)?.[0] ?? ''
  const box =
    VIEW_BOX.exec(root)?.[1]
      ?.trim()
      .split(/[\s,]+/) ?? []
  const sides = SIDES.map((side, index) => {
    const [, value, percent] = side.exec(root) ?? []
    return Number(value === undefined || percent ? box[2 + index] : value)
  })
  return Math.max(0, ...sides.filter(side => !Number.isNaN(side)))
}
