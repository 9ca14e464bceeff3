import { z } from 'zod'

/** When a variant is made; all that is given must hold, else the variant is `skipped`. */
export const Condition = z
  .strictObject({
    minWidth: z
      .int()
      .min(1)
      .meta({ description: 'Pixels of the upright source; of a document its first page at 72 dpi.' }),
    minHeight: z.int().min(1).meta({ description: 'As `minWidth`.' }),
    minDurationSec: z.number().min(0).meta({ description: 'Of an animation, a video or a sound.' }),
    maxDurationSec: z.number().min(0).meta({ description: 'What does not move lasts 0 seconds.' }),
    minPages: z.int().min(1).meta({ description: 'What has no pages counts as one.' }),
    animated: z.boolean().meta({ description: 'Videos are, sounds and documents are not.' }),
    hasAlpha: z.boolean().meta({ description: 'Whether a picture or a video can have transparent parts.' }),
    hasAudio: z.boolean().meta({ description: 'Whether there is something to hear.' }),
  })
  .partial()
export type Condition = z.output<typeof Condition>

/** What every variant has. */
export const common = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens, at most 63 of them')
    .meta({ description: 'Lower-case letters, digits and hyphens, at most 63; no other variant of the kind has it.' }),
  required: z
    .boolean()
    .default(false)
    .meta({ description: 'The asset fails when this variant does; without it the asset is `partial`.' }),
  when: Condition.optional().meta({
    description: 'Made only where all of this holds, else `skipped`; see Conditions.',
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
    .regex(/^[^\p{Cc}]*[^\p{C}\p{Z}][^\p{Cc}]*$/u, 'expected one line of text that can be seen')
    .meta({ description: 'One line.' }),
  position: z
    .enum(['north-west', 'north-east', 'south-west', 'south-east', 'center'])
    .default('south-east')
    .meta({ description: 'In which corner.' }),
  opacity: z.number().min(0.05).max(1).default(0.5).meta({ description: 'Of 1.' }),
  scale: z.number().min(0.01).max(0.5).default(0.05).meta({
    description: "Height of the text as a part of the picture's height; less where it would not fit into the width.",
  }),
  color: hexColor.default('#ffffff').meta({ description: 'Of the text.' }),
})
export type Watermark = z.output<typeof Watermark>

/** How a picture is cut and written. No picture is ever enlarged. */
export const pictureFields = {
  width: dimension.optional().meta({ description: 'Pixels. Either side may be left out.' }),
  height: dimension.optional().meta({ description: 'Pixels.' }),
  fit: z.enum(['cover', 'inside', 'pad']).default('inside').meta({
    description:
      '`cover` fills width × height and crops what is over; `inside` keeps the whole picture within width × height; `pad` is `inside` on a canvas of exactly width × height.',
  }),
  position: z
    .xor([z.enum(['center', 'attention', 'entropy']), z.strictObject({ x: part, y: part })])
    .default('center')
    .meta({
      description:
        'What `cover` keeps: the middle, what catches the eye, what has most detail, or a point, from 0 (left, top) to 1 (right, bottom).',
    }),
  background: hexColor.optional().meta({
    description:
      'Behind transparent parts and around a padded picture; without it a format that has transparency stays transparent.',
  }),
  padding: z.int().min(0).max(1000).default(0).meta({
    description:
      'Pixels of background on every side, inside width and height; less where nothing would be left of the picture.',
  }),
  watermark: Watermark.optional().meta({ description: 'Text over the picture; see Watermarks.' }),
  format: z.enum(['webp', 'jpeg', 'png', 'avif']).meta({ description: 'How it is written.' }),
  quality: quality.default(80).meta({ description: 'Of the encoder; PNG has none.' }),
  effort: z.int().min(0).max(9).optional().meta({
    description: 'How hard the encoder tries: 0 is fastest, 9 smallest. Default: what is best for the format.',
  }),
  maxBytes: z.int().min(500).optional().meta({
    description:
      'Quality is lowered until the file fits, a PNG gets fewer colours; one that does not fit at quality 20 fails.',
  }),
  colors: z.enum(['srgb', 'keep']).default('srgb').meta({
    description: '`keep` writes what has more colours than sRGB as Display P3, with the profile in the file.',
  }),
  keepCopyright: z
    .boolean()
    .default(false)
    .meta({ description: "Keeps author and copyright, and nothing else, of the source's metadata." }),
}
