import { z } from 'zod'
import { common, dimension, pictureFields, quality } from './shared.ts'

export const PictureSpec = z
  .strictObject({
    type: z.literal('picture').default('picture'),
    ...common,
    ...pictureFields,
    crop: z
      .strictObject({ left: z.int().min(0), top: z.int().min(0), width: dimension, height: dimension })
      .optional()
      .meta({
        description:
          'Cut out of the upright source before anything else, in its pixels; skipped when it lies wholly outside.',
      }),
  })
  .meta({ id: 'PictureSpec', description: 'One derived picture.' })
export type PictureSpec = z.output<typeof PictureSpec>

export const AnimationSpec = z
  .strictObject({
    type: z.literal('animation'),
    ...common,
    width: dimension.optional().meta({ description: 'Pixels. Either side may be left out.' }),
    height: dimension.optional().meta({ description: 'Pixels.' }),
    format: z.enum(['webp', 'mp4']).meta({ description: 'How it is written.' }),
    quality: quality.default(75).meta({ description: 'Of the encoder.' }),
  })
  .meta({
    id: 'AnimationSpec',
    description:
      'The moving picture of an animated source: animated WebP, or MP4 without sound. Skipped for a still one.',
  })
export type AnimationSpec = z.output<typeof AnimationSpec>

export const IconSpec = z
  .strictObject({
    type: z.literal('icon'),
    ...common,
    width: z.int().min(16).max(1024).default(256).meta({ description: 'Pixels; it is square.' }),
    format: z.enum(['webp', 'png']).default('webp').meta({ description: 'How it is written.' }),
  })
  .meta({
    id: 'IconSpec',
    description: "A drawing that names the file's type. Made also unasked where nothing else can be looked at.",
  })
export type IconSpec = z.output<typeof IconSpec>

export const ImageVariantSpec = z.discriminatedUnion('type', [PictureSpec, AnimationSpec, IconSpec])
export type ImageVariantSpec = z.output<typeof ImageVariantSpec>
