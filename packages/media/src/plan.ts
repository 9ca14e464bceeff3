import type { ImageVariantSpec, MediaKind, PresetDefinition } from '@darkroom/contracts'
import type { Facts } from './facts.ts'
import { encoderOptions, OUTPUT_TYPES, type OutputFormat } from './formats.ts'

export interface Size {
  width: number
  height: number
}

export interface PlannedVariant {
  name: string
  required: boolean
  /** The exact size of the file that is going to be made. */
  width: number
  height: number
  fit: 'cover' | 'inside'
  format: OutputFormat
  contentType: string
  extension: string
  quality: number
  /** Everything that decides what the bytes look like, apart from the source and the engine; see `fingerprint`. */
  fingerprintInput: string
}

export interface Plan {
  kind: MediaKind
  /** Smallest first. */
  variants: PlannedVariant[]
}

/** What to make of a file: pure, never enlarges, never plans a size of zero. */
export function plan(facts: Facts, definition: PresetDefinition): Plan {
  const variants = definition.image.variants.map(spec => planVariant(facts, spec))
  return { kind: facts.kind, variants: variants.sort((a, b) => a.width * a.height - b.width * b.height) }
}

function planVariant(source: Size, spec: ImageVariantSpec): PlannedVariant {
  const { name, required, format, quality } = spec
  const { contentType, extension } = OUTPUT_TYPES[format]
  // `cover` needs a box; with one side only there is nothing to crop.
  const fit = spec.width !== undefined && spec.height !== undefined ? spec.fit : 'inside'
  const size = TARGET_SIZE[fit](source, { width: spec.width ?? Infinity, height: spec.height ?? Infinity })
  const fingerprintInput = JSON.stringify([size.width, size.height, fit, format, encoderOptions(format, quality)])
  return { name, required, ...size, fit, format, contentType, extension, quality, fingerprintInput }
}

const TARGET_SIZE = {
  /** The box itself, shrunk proportionally so that the source fills it without being enlarged. */
  cover: (source: Size, box: Size): Size =>
    scaled(box, Math.min(1, source.width / box.width, source.height / box.height)),
  /** The source, shrunk proportionally so that it fits into the box. */
  inside: (source: Size, box: Size): Size =>
    scaled(source, Math.min(1, box.width / source.width, box.height / source.height)),
}

function scaled(size: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(size.width * factor)), height: Math.max(1, Math.round(size.height * factor)) }
}

/** The smallest picture out of which all these variants can be made without enlarging it again. */
export function rasterSize(source: Size, variants: readonly Pick<PlannedVariant, 'width' | 'height' | 'fit'>[]): Size {
  const factors = variants.map(v => Math.max(v.width / source.width, v.height / source.height))
  const factor = Math.min(1, Math.max(...factors, SMALLEST_RASTER_PX / Math.max(source.width, source.height)))
  const { width, height } = scaled(source, factor)
  return {
    width: Math.min(source.width, Math.max(width, ...variants.map(v => v.width))),
    height: Math.min(source.height, Math.max(height, ...variants.map(v => v.height))),
  }
}

/** Enough for the placeholder when no variant is asked for. */
const SMALLEST_RASTER_PX = 100
