import { MEDIA_KINDS, MEDIA_TYPES, type MediaType } from '@darkroom/contracts'
import { z } from 'zod'

const MEDIA_TYPE_NAMES = Object.keys(MEDIA_TYPES) as MediaType[]
const pixels = z.int().min(1)

/**
 * What a probe found out about a file. The child that wrote it has touched untrusted bytes, so the parent checks every
 * answer against this schema.
 */
export const Facts = z.object({
  kind: z.enum(MEDIA_KINDS),
  /** The sniffed type; equal to the declared one, or the probe would have failed. */
  contentType: z.enum(MEDIA_TYPE_NAMES),
  /** Upright, of one frame or page. */
  width: pixels,
  height: pixels,
  /** The EXIF orientation (1 to 8) that is still to be applied; 1 where the decoder applies it by itself. */
  orientation: z.int().min(1).max(8),
  animated: z.boolean(),
  frameCount: z.int().min(1),
  pageCount: z.int().min(1).nullable(),
  durationMs: z.int().min(0).nullable(),
  hasAlpha: z.boolean(),
  /** libvips' name of the source's colour space: srgb, rgb16, b-w, grey16, cmyk … */
  colorSpace: z.string().max(40),
  /** The description inside the embedded ICC profile. */
  iccProfile: z.string().max(200).nullable(),
  bitDepth: z.int().min(1).max(64),
  /** Further facts that anybody may see. Never a position, never a serial number. */
  details: z.record(z.string().max(60), z.union([z.string().max(200), z.number(), z.boolean()])),
})
export type Facts = z.output<typeof Facts>
