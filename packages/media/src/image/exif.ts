import readExif from 'exif-reader'
import type { Rights } from './operations/index.ts'

type Exif = ReturnType<typeof readExif>
type Camera = Record<string, string | number>

const MAX_CHARS = 100

/** The facts about the taking of a photo that everybody may see: nothing about where, and nothing that is one device's own. */
const CAMERA: Record<string, (exif: Exif) => unknown> = {
  make: ({ Image }) => decoded(Image?.Make),
  model: ({ Image }) => decoded(Image?.Model),
  lens: ({ Photo }) => decoded(Photo?.LensModel),
  exposureSec: ({ Photo }) => Photo?.ExposureTime,
  fNumber: ({ Photo }) => Photo?.FNumber,
  iso: ({ Photo }) => Photo?.ISOSpeedRatings,
  focalLengthMm: ({ Photo }) => Photo?.FocalLength,
  focalLength35mm: ({ Photo }) => Photo?.FocalLengthIn35mmFilm,
  takenAt: ({ Photo }) => takenAt(Photo?.DateTimeOriginal, Photo?.OffsetTimeOriginal),
}

/** Returns what a photo's EXIF says of the camera; undefined when that is nothing. */
export function cameraOf(exif: Buffer | undefined): Camera | undefined {
  const parsed = parse(exif)
  if (!parsed) return undefined
  const entries = Object.entries(CAMERA).map(([name, read]) => [name, presentable(read(parsed))] as const)
  const known = entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return known.length > 0 ? Object.fromEntries(known) : undefined
}

/** Returns author and copyright. */
export function rightsOf(exif: Buffer | undefined): Rights | undefined {
  const { Artist, Copyright } = parse(exif)?.Image ?? {}
  const [artist, copyright] = [presentable(decoded(Artist)), presentable(decoded(Copyright))]
  if (typeof artist !== 'string' && typeof copyright !== 'string') return undefined
  return { ...(typeof artist === 'string' && { artist }), ...(typeof copyright === 'string' && { copyright }) }
}

function parse(exif: Buffer | undefined): Exif | undefined {
  if (!exif) return undefined
  try {
    return readExif(exif)
  } catch (error) {
    // Broken EXIF is frequent and harms nobody: the image is fine, it just tells nothing.
    if (error instanceof Error) return undefined
    throw error
  }
}

/** Decodes a text that is not ASCII: as UTF-8, or as Latin-1 when it is not valid UTF-8. */
function decoded(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  const text = new TextDecoder().decode(value)
  return text.includes('\ufffd') ? new TextDecoder('latin1').decode(value) : text
}

/** Cameras pad with zeros and blanks, and write 0/0 for what they do not know. */
function presentable(value: unknown): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? Math.round(value * 1e6) / 1e6 : undefined
  if (typeof value !== 'string') return undefined
  return (
    value
      .replace(/\p{Cc}.*/su, '')
      .trim()
      .slice(0, MAX_CHARS)
      .toWellFormed() || undefined
  )
}

/** Formats the local time of the camera, with its offset where that is known. */
function takenAt(date: unknown, offset: unknown): string | undefined {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) return undefined
  const zone = typeof offset === 'string' && /^[+-]\d\d:\d\d$/.test(offset) ? offset : ''
  return date.toISOString().slice(0, 19) + zone
}
