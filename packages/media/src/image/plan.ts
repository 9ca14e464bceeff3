import type { AnimationSpec, StillImageSpec } from '@darkroom/contracts'
import { IMAGE_FORMATS } from '@darkroom/contracts/written-types'
import type { ImageFacts } from '../facts.ts'
import { encoderOptions, type FileType, fileType } from '../formats.ts'
import { neededSize, type Size, targetSize, usedFit, usedPadding } from '../plan/geometry.ts'
import type { PlanSpec } from '../plan.ts'
import type { Crop, ImageFields, PlannedAnimation, PlannedRaster, PlannedStillImage } from './planned.ts'

export const planImage: PlanSpec<'image'> = (facts, spec, { hasFfmpeg }) => {
  if (spec.type === 'picture') return planStillImage(facts, spec)
  const needsFfmpeg = spec.format === 'mp4'
  return facts.animated && (hasFfmpeg || !needsFfmpeg) ? [planAnimation(facts, spec)] : []
}

function planStillImage(source: Size, spec: StillImageSpec): PlannedStillImage[] {
  if (!spec.crop) return [{ type: 'picture', ...planRaster(source, spec) }]
  const crop = clamped(spec.crop, source)
  if (!crop) return []
  const raster = planRaster(crop, spec)
  const fingerprintInput = JSON.stringify([raster.fingerprintInput, crop])
  return [{ type: 'picture', ...raster, crop, fingerprintInput }]
}

/** Limits a rectangle to the image; undefined when none of it is inside. */
function clamped({ left, top, width, height }: Crop, source: Size): Crop | undefined {
  if (left >= source.width || top >= source.height) return undefined
  return { left, top, width: Math.min(width, source.width - left), height: Math.min(height, source.height - top) }
}

type RasterSpec = ImageFields & {
  name: string
  required: boolean
  width?: number | undefined
  height?: number | undefined
}

/** Plans an image of a source of this size, whatever the source is: a photo, a frame, a page. */
export function planRaster(source: Size, spec: RasterSpec): PlannedRaster {
  const { name, required, format } = spec
  const { contentType, extension, maxSide } = IMAGE_FORMATS[format]
  const fit = usedFit(spec)
  const size = targetSize(source, { ...spec, fit, maxSide })
  const pixels = { ...imageFields(spec), ...size, fit, padding: usedPadding(spec) }
  const fingerprintInput = JSON.stringify({ ...pixels, encoder: encoderOptions(spec) })
  return { name, required, ...pixels, contentType, extension, refersTo: [], fingerprintInput }
}

function imageFields(spec: ImageFields): ImageFields {
  const { fit, position, background, padding, watermark, format, quality, effort, maxBytes, colors, keepCopyright } =
    spec
  return { fit, position, background, padding, watermark, format, quality, effort, maxBytes, colors, keepCopyright }
}

const ANIMATION_TYPES = {
  webp: IMAGE_FORMATS.webp,
  // What decoders in hardware take.
  mp4: { ...fileType('video/mp4'), maxSide: 8192 },
} as const satisfies Record<AnimationSpec['format'], FileType & { maxSide: number }>

function planAnimation(source: ImageFacts, spec: AnimationSpec): PlannedAnimation {
  const { name, required, format, quality } = spec
  const { contentType, extension, maxSide } = ANIMATION_TYPES[format]
  const inside = targetSize(asStored(source), { width: spec.width, height: spec.height, fit: 'inside', maxSide })
  // H.264 in 4:2:0 takes even sides only.
  const size = format === 'mp4' ? { width: even(inside.width), height: even(inside.height) } : inside
  const fingerprintInput = JSON.stringify(['animation', size, format, quality])
  return {
    type: 'animation',
    name,
    required,
    ...size,
    format,
    quality,
    contentType,
    extension,
    refersTo: [],
    fingerprintInput,
  }
}

/** Returns the stored size. libvips does not rotate animations, so their frames stay as they are stored. */
const asStored = ({ width, height, orientation }: ImageFacts): Size =>
  orientation > 4 ? { width: height, height: width } : { width, height }

/** Returns the next even number that is not larger, at least 2. */
export const even = (value: number): number => Math.max(2, value - (value % 2))

/** Returns the smallest image out of which all these variants, and the placeholder, can be made without enlarging it again. */
export function rasterSize(
  source: Size,
  variants: readonly Pick<PlannedRaster, 'width' | 'height' | 'fit' | 'padding'>[],
): Size {
  return neededSize(source, [...variants, placeholderOf(source)])
}

/** Enough for the placeholder when no variant is asked for. */
const PLACEHOLDER_PX = 100

const placeholderOf = (source: Size) =>
  ({
    ...targetSize(source, { width: PLACEHOLDER_PX, height: PLACEHOLDER_PX, fit: 'inside' }),
    fit: 'inside',
    padding: 0,
  }) as const
