import { z } from 'zod'
import { common, dimension, imageFields, quality } from './shared.ts'

export const StillImageSpec = z
  .strictObject({
    type: z.literal('picture').default('picture'),
    ...common,
    ...imageFields,
    crop: z
      .strictObject({ left: z.int().min(0), top: z.int().min(0), width: dimension, height: dimension })
      .optional()
      .meta({
        description:
          'Rectangle to crop first, in pixels of the source after applying the orientation; `skipped` if it is completely outside.',
      }),
  })
  .meta({ id: 'PictureSpec', description: 'An image in another size or format.' })
export type StillImageSpec = z.output<typeof StillImageSpec>

export const AnimationSpec = z
  .strictObject({
    type: z.literal('animation'),
    ...common,
    width: dimension.optional().meta({ description: 'In pixels. One of width and height can be left out.' }),
    height: dimension.optional().meta({ description: 'In pixels.' }),
    format: z.enum(['webp', 'mp4']).meta({ description: 'Output format.' }),
    quality: quality.default(75).meta({ description: 'Quality of the encoder.' }),
  })
  .meta({
    id: 'AnimationSpec',
    description: 'The animation of an animated image, as animated WebP or silent MP4. `skipped` for a still image.',
  })
export type AnimationSpec = z.output<typeof AnimationSpec>

export const IconSpec = z
  .strictObject({
    type: z.literal('icon'),
    ...common,
    width: z.int().min(16).max(1024).default(256).meta({ description: 'Width and height in pixels.' }),
    format: z.enum(['webp', 'png']).default('webp').meta({ description: 'Output format.' }),
  })
  .meta({
    id: 'IconSpec',
    description:
      'An icon with the type of the file. It is also made without being in the preset, if the file gets no other image.',
  })
export type IconSpec = z.output<typeof IconSpec>

export const ImageVariantSpec = z.discriminatedUnion('type', [StillImageSpec, AnimationSpec, IconSpec])
export type ImageVariantSpec = z.output<typeof ImageVariantSpec>
