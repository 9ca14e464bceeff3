import { z } from 'zod'
import { ResourceError } from '../resources.ts'
import { PresetDefinition } from './definition.ts'

const KINDS = ['image', 'video', 'audio', 'document'] as const

const variantsOf = (definition: PresetDefinition): number =>
  KINDS.reduce((sum, kind) => sum + (definition[kind]?.variants.length ?? 0), 0)

export const PreviewPreset = z
  .object({
    assetId: z.uuid().meta({ description: 'An asset of your project whose original is stored.' }),
    definition: PresetDefinition.refine(
      definition => variantsOf(definition) === 1,
      'expected exactly one variant',
    ).meta({
      description: 'A preset with exactly one variant, which gives an image.',
    }),
  })
  .meta({
    id: 'PreviewPreset',
    example: {
      assetId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6002',
      definition: {
        image: {
          variants: [{ type: 'picture', name: 'thumb', width: 256, height: 256, fit: 'cover', format: 'webp' }],
        },
      },
    },
  })
export type PreviewPreset = z.output<typeof PreviewPreset>

export const PresetPreview = z
  .object({
    outcome: z.enum(['made', 'skipped', 'failed']).meta({
      description: '`skipped`: the variant does not apply to this file, or is no image. `failed`: see `error`.',
    }),
    file: z
      .object({
        contentType: z.string(),
        width: z.int().nullable(),
        height: z.int().nullable(),
        byteSize: z.int(),
        base64: z.string().meta({ description: 'The file itself.' }),
      })
      .nullable(),
    error: ResourceError.nullable(),
    elapsedMs: z.int().meta({ description: 'Time of download and rendering.' }),
  })
  .meta({ id: 'PresetPreview' })
export type PresetPreview = z.output<typeof PresetPreview>
