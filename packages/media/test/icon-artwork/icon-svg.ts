import { MEDIA_TYPES, type MediaType } from '@darkroom/contracts/media-types'
import { GLYPHS } from './glyphs.ts'
import { LETTER_HEIGHT, word } from './letters.ts'

/** Draws the icon of a file type as an SVG: a sheet of paper with a symbol and the extension of the type. */
export function iconSvg(type: MediaType): string {
  const { icon, extensions } = MEDIA_TYPES[type]
  const { color, strokes = '', areas = '' } = GLYPHS[icon]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" stroke-linecap="round" stroke-linejoin="round">
    <filter id="blur" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="3.5"/></filter>
    <path d="${PAPER}" transform="translate(0 5)" ${filled('#cbd5e1', 12)} filter="url(#blur)"/>
    <path d="${PAPER}" ${filled('#cbd5e1', 14)}/>
    <path d="${PAPER}" ${filled('#ffffff', 11)}/>
    <path d="${FOLD}" ${filled('#e2e8f0', 6)}/>
    <g transform="translate(80 80)">
      <path d="${strokes}" fill="none" stroke="${color}" stroke-width="8"/>
      <path d="${areas}" ${filled(color, 2)}/>
    </g>
    <path d="M38 182 L218 182 L218 218 L38 218 Z" ${filled(color, 10)}/>
    ${label(extensions[0].toUpperCase())}
  </svg>`
}

const PAPER = 'M58 30 L150 30 L198 78 L198 226 L58 226 Z'
const FOLD = 'M150 32 L150 78 L196 78 Z'
const LABEL_SCALE = 5
const LABEL_STROKE = 6.4

/** Returns attributes that enlarge an area by a radius, which rounds its corners. */
const filled = (color: string, radius: number) => `fill="${color}" stroke="${color}" stroke-width="${2 * radius}"`

function label(text: string): string {
  const { letters, width } = word(text)
  const [left, top] = [128 - (width * LABEL_SCALE) / 2, 200 - (LETTER_HEIGHT * LABEL_SCALE) / 2]
  const paths = letters.map(letter => `<path d="${letter.data}" transform="translate(${letter.left} 0)"/>`)
  return `<g transform="translate(${left} ${top}) scale(${LABEL_SCALE})" fill="none" stroke="#ffffff"
    stroke-width="${LABEL_STROKE / LABEL_SCALE}">${paths.join('')}</g>`
}
