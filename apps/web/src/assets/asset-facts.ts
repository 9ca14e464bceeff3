import type { Asset } from '@darkroom/contracts'
import { humanDuration } from '../human-duration.ts'
import { formatName } from '../media-format.ts'

export interface Fact {
  label: string
  value: string
}

/** Lists the facts about the original for people: first those that every kind has, then the others. */
export function factsOf(asset: Asset): Fact[] {
  const { width, height, durationMs, pageCount, contentType, kind } = asset
  const unit = kind === 'document' ? ' pt' : ''
  return [
    { label: 'Format', value: formatName(contentType) },
    ...(width !== null && height !== null ? [{ label: 'Dimensions', value: `${width} × ${height}${unit}` }] : []),
    ...(durationMs !== null ? [{ label: 'Duration', value: humanDuration(durationMs) }] : []),
    ...(pageCount !== null ? [{ label: 'Pages', value: String(pageCount) }] : []),
    ...Object.entries(asset.facts).flatMap(([key, value]) => entryFacts(key, value)),
  ]
}

/**
 * Describes the size or length of an asset in the measure that matters most for its kind; empty before it was probed.
 */
export function extentOf({ width, height, durationMs, pageCount, kind }: Asset): string[] {
  if (pageCount !== null && kind === 'document') return [`${pageCount} ${pageCount === 1 ? 'page' : 'pages'}`]
  const size = width !== null && height !== null ? [`${width} × ${height}`] : []
  return [...size, ...(durationMs !== null ? [humanDuration(durationMs)] : [])]
}

/** Returns title and artist of an audio file or a document, where the file contains them. */
export function titleOf({ facts }: Asset): { title: string | null; artist: string | null } {
  const flat = { ...Object.assign({}, ...Object.values(facts).filter(isGroup)), ...facts }
  const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : null)
  return { title: text(flat.title), artist: text(flat.artist) }
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function entryFacts(key: string, value: unknown): Fact[] {
  if (Array.isArray(value)) return value.length > 0 ? [{ label: labelOf(key), value: String(value.length) }] : []
  if (isGroup(value)) return Object.entries(value).flatMap(([inner, one]) => entryFacts(inGroup(key, inner), one))
  const text = valueText(key, value)
  return text === null ? [] : [{ label: labelOf(key), value: text }]
}

/** Groups whose members speak for themselves. */
const PLAIN_GROUPS: ReadonlySet<string> = new Set(['camera', 'tags'])

/** Returns the name of a fact in a group: `audioCodec` for `codec` in the group `audio`. */
const inGroup = (group: string, key: string): string =>
  PLAIN_GROUPS.has(group) ? key : `${group}${key.charAt(0).toUpperCase()}${key.slice(1)}`

/** Written otherwise than in the words of its key. */
const LABELS: Record<string, string> = {
  iccProfile: 'Colour profile',
  colorSpace: 'Colour space',
  colorTransfer: 'Transfer curve',
  colorPrimaries: 'Primaries',
  colorRange: 'Range',
  bitDepth: 'Bits per channel',
  hasAlpha: 'Transparency',
  hasAudio: 'Sound',
  isHdr: 'HDR',
  iso: 'ISO',
  fNumber: 'Aperture',
  focalLength35mm: 'Focal length (35 mm)',
  pdfVersion: 'PDF version',
  density: 'Resolution',
  isProgressive: 'Progressive',
  isPalette: 'Palette',
  hasGainMap: 'Gain map',
  frameCount: 'Frames',
}

/** What is so of nearly every file is not worth a line. */
const USUAL: Record<string, unknown> = { orientation: 1, rotation: 0, frameCount: 1 }

/** Returns the label of a fact: `Video codec` for `videoCodec`. Units in a name move to the value. */
function labelOf(key: string): string {
  const known = LABELS[key]
  if (known) return known
  const words = key
    .replace(UNIT, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const UNIT = /(Kbps|Mm|Sec)$/

const UNITS: Record<string, (value: number) => string> = {
  Kbps: value => `${rounded(value)} kbit/s`,
  Mm: value => `${rounded(value)} mm`,
  Sec: value => (value > 0 && value < 1 ? `1/${Math.round(1 / value)} s` : `${rounded(value)} s`),
}

/** By the whole name, where the name has no unit. */
const BY_KEY: Record<string, (value: number) => string> = {
  audioSampleRate: value => `${rounded(value / 1000)} kHz`,
  density: value => `${rounded(value)} dpi`,
  fNumber: value => `f/${rounded(value)}`,
  focalLength35mm: value => `${rounded(value)} mm`,
  frameRate: value => `${rounded(value)} frames/s`,
  rotation: value => `${value}°`,
  sampleRate: value => `${rounded(value / 1000)} kHz`,
  loop: value => (value === 0 ? 'Forever' : `${value} ×`),
}

const rounded = (value: number): string => String(Number(value.toFixed(value < 100 ? 2 : 0)))

/** To the second, in the camera's own time. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** Formats a value; null for an empty or absent one that is not worth a line. */
function valueText(key: string, value: unknown): string | null {
  if (USUAL[key] === value) return null
  if (typeof value === 'boolean') return value ? 'Yes' : null
  if (typeof value === 'number') return (BY_KEY[key] ?? UNITS[UNIT.exec(key)?.[1] ?? ''] ?? String)(value)
  if (typeof value !== 'string' || value === '') return null
  return TIME.test(value) ? value.slice(0, 16).replace('T', ' ') : value
}
