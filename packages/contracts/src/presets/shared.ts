import { z } from 'zod'
import { IMAGE_FORMAT_NAMES } from '../written-types.ts'

/** When a variant is made; all that is given must hold, else the variant is `skipped`. */
export const Condition = z
  .strictObject({
    minWidth: z.int().min(1).meta({
      description:
        'Minimum width of the source in pixels, after applying the orientation; for a document, of its first page at 72 dpi.',
    }),
    minHeight: z.int().min(1).meta({ description: 'Minimum height of the source, measured like `minWidth`.' }),
    minDurationSec: z
      .number()
      .min(0)
      .meta({ description: 'Minimum duration of an animation, video or audio, in seconds.' }),
    maxDurationSec: z
      .number()
      .min(0)
      .meta({ description: 'Maximum duration in seconds. A still image has a duration of 0.' }),
    minPages: z.int().min(1).meta({ description: 'Minimum number of pages. A file without pages counts as one page.' }),
    animated: z
      .boolean()
      .meta({ description: 'Whether the source is animated. A video is, audio and documents are not.' }),
    hasAlpha: z.boolean().meta({ description: 'Whether the image or video has an alpha channel.' }),
    hasAudio: z.boolean().meta({ description: 'Whether the source has an audio track.' }),
  })
  .partial()
export type Condition = z.output<typeof Condition>

/** What every variant has. */
export const common = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens, at most 63 of them')
    .meta({ description: 'Lower-case letters, digits and hyphens, at most 63 characters; unique within the kind.' }),
  required: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the asset fails if this variant fails. If false, the asset becomes `partial`.' }),
  when: Condition.optional().meta({
    description: 'The variant is only made if all these conditions are true, else it is `skipped`; see Conditions.',
  }),
}

export const dimension = z.int().min(1).max(16_384)
export const quality = z.int().min(1).max(100)
export const hexColor = z.string().regex(/^#[0-9a-f]{6}$/i, 'expected a colour such as #ffffff')
/** From 0 (left, top) to 1 (right, bottom). */
const part = z.number().min(0).max(1)

export const Watermark = z.strictObject({
  text: z
    .string()
    .max(80)
    .regex(/^[^\p{Cc}]*[^\p{C}\p{Z}][^\p{Cc}]*$/u, 'expected one line of visible text')
    .meta({ description: 'One line of text.' }),
  position: z
    .enum(['north-west', 'north-east', 'south-west', 'south-east', 'center'])
    .default('south-east')
    .meta({ description: 'Position in the image.' }),
  opacity: z.number().min(0.05).max(1).default(0.5).meta({ description: 'From transparent (0) to opaque (1).' }),
  scale: z.number().min(0.01).max(0.5).default(0.05).meta({
    description: 'Height of the text as a fraction of the image height; reduced if it would not fit into the width.',
  }),
  color: hexColor.default('#ffffff').meta({ description: 'Colour of the text.' }),
})
export type Watermark = z.output<typeof Watermark>

/** How an image is cut and written. No image is ever enlarged. */
export const imageFields = {
  width: dimension.optional().meta({ description: 'In pixels. One of width and height can be left out.' }),
  height: dimension.optional().meta({ description: 'In pixels.' }),
  fit: z.enum(['cover', 'inside', 'pad']).default('inside').meta({
    description:
      '`cover` fills width × height and crops the rest; `inside` fits the whole image into width × height; `pad` is like `inside`, on a canvas of exactly width × height.',
  }),
  position: z
    .xor([z.enum(['center', 'attention', 'entropy']), z.strictObject({ x: part, y: part })])
    .default('center')
    .meta({
      description:
        'Which part `cover` keeps: the centre, the most salient part (`attention`), the part with the most detail (`entropy`), or a focal point, from 0 (left, top) to 1 (right, bottom).',
    }),
  background: hexColor.optional().meta({
    description:
      'Background colour behind transparent parts and around a padded image. Default: transparent, if the format supports it.',
  }),
  padding: z.int().min(0).max(1000).default(0).meta({
    description:
      'Padding on every side in pixels, inside width and height; reduced if nothing would be left of the image.',
  }),
  watermark: Watermark.optional().meta({ description: 'Text over the image; see Watermarks.' }),
  format: z.enum(IMAGE_FORMAT_NAMES).meta({ description: 'Output format.' }),
  quality: quality.default(80).meta({ description: 'Quality of the encoder; not used for PNG.' }),
  effort: z.int().min(0).max(9).optional().meta({
    description: 'Effort of the encoder: 0 is fastest, 9 makes the smallest file. Default: depends on the format.',
  }),
  maxBytes: z.int().min(500).optional().meta({
    description:
      'Maximum file size in bytes. The quality is lowered until the file fits; a PNG gets fewer colours. If it does not fit at quality 20, the variant fails.',
  }),
  colors: z.enum(['srgb', 'keep']).default('srgb').meta({
    description:
      '`srgb` converts to sRGB. `keep` writes images with a wider gamut as Display P3, with an embedded profile.',
  }),
  keepCopyright: z.boolean().default(false).meta({
    description: 'Whether author and copyright of the source are kept. All other metadata is always removed.',
  }),
}
