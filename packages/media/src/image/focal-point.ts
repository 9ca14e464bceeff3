import type { FocalPoint, ImageVariantSpec, PresetDefinition } from '@darkroom/contracts'
import type { Facts } from '../facts.ts'
import { type Size, usedFit } from '../plan/geometry.ts'
import type { Crop } from './planned.ts'

/**
 * Aims everything that a preset crops out of an image at the point that its owner chose. The person who sees the image knows better
 * than a preset, so `position` of the preset no longer counts. Only of what is really cropped: all else stays as it is.
 */
export function withFocalPoint(
  definition: PresetDefinition,
  facts: Facts,
  focalPoint: FocalPoint | null,
): PresetDefinition {
  const { image } = definition
  if (!focalPoint || !image || facts.kind !== 'image') return definition
  return { ...definition, image: { variants: image.variants.map(spec => aimed(spec, facts, focalPoint)) } }
}

function aimed(spec: ImageVariantSpec, source: Size, focalPoint: FocalPoint): ImageVariantSpec {
  if (spec.type !== 'picture' || usedFit(spec) !== 'cover') return spec
  return { ...spec, position: spec.crop ? inside(spec.crop, source, focalPoint) : focalPoint }
}

/** Returns where the point of the source is in a rectangle of it; on its edge when the point is outside. */
function inside({ left, top, width, height }: Crop, source: Size, { x, y }: FocalPoint): FocalPoint {
  return {
    x: part(x * source.width - left, Math.min(width, source.width - left)),
    y: part(y * source.height - top, Math.min(height, source.height - top)),
  }
}

/** A rectangle outside of the source has no length; it is skipped anyway. */
const part = (offset: number, length: number): number => (length <= 0 ? 0 : Math.max(0, Math.min(1, offset / length)))
