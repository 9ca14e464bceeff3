import { z } from 'zod'

const dimension = z.int().min(1).max(16_384)

/**
 * One derived image. `cover` fills width × height and crops what is over; `inside` keeps the whole picture within
 * width × height (either may be left out). Neither ever enlarges.
 */
export const ImageVariantSpec = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens'),
  required: z.boolean().default(false),
  width: dimension.optional(),
  height: dimension.optional(),
  fit: z.enum(['cover', 'inside']).default('inside'),
  format: z.enum(['webp', 'jpeg', 'png', 'avif']),
  quality: z.int().min(1).max(100).default(80),
})
export type ImageVariantSpec = z.output<typeof ImageVariantSpec>

/** What to make for each kind of media. A version of a preset never changes. */
export const PresetDefinition = z.strictObject({
  image: z.strictObject({ variants: z.array(ImageVariantSpec).min(1).max(50) }),
})
export type PresetDefinition = z.output<typeof PresetDefinition>

export const PresetRef = z.object({ name: z.string(), version: z.int() }).meta({ id: 'PresetRef' })
export type PresetRef = z.output<typeof PresetRef>

const webp = { format: 'webp', quality: 80, fit: 'inside' } as const

/** The presets that every installation has. `default` is used when an upload names none. */
export const BUILT_IN_PRESETS: { name: string; version: number; definition: PresetDefinition }[] = [
  {
    name: 'default',
    version: 1,
    definition: {
      image: {
        variants: [
          { name: 'thumb', required: true, width: 256, height: 256, ...webp, fit: 'cover' },
          { name: 'small', required: false, width: 640, height: 640, ...webp },
          { name: 'medium', required: true, width: 1280, height: 1280, ...webp },
          { name: 'large', required: false, width: 2048, height: 2048, ...webp },
          {
            name: 'medium-jpeg',
            required: false,
            width: 1280,
            height: 1280,
            fit: 'inside',
            format: 'jpeg',
            quality: 80,
          },
        ],
      },
    },
  },
]
