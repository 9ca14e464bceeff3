import { z } from 'zod'
import { IconSpec } from './image.ts'
import { common, imageFields } from './shared.ts'

export const PageSpec = z
  .strictObject({
    type: z.literal('page'),
    ...common,
    ...imageFields,
    pages: z.int().min(1).max(50).default(1).meta({
      description: 'Maximum number of pages, from the first on. If the variant is `required`, only the first page is.',
    }),
  })
  .meta({
    id: 'PageSpec',
    description:
      'Images of the first pages of a PDF, on white, with at most 300 dpi and 25 million pixels: `<name>` for one page, `<name>-1`, `<name>-2` … for several.',
  })
export type PageSpec = z.output<typeof PageSpec>

export const TextSpec = z
  .strictObject({
    type: z.literal('text'),
    ...common,
    pages: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .meta({ description: 'Maximum number of pages of a PDF, from the first on.' }),
  })
  .meta({
    id: 'TextSpec',
    description:
      'The text as UTF-8, at most 4 MiB: of the first pages of a PDF, each followed by a form feed, or the start of a text file. `skipped` for other files.',
  })
export type TextSpec = z.output<typeof TextSpec>

export const DocumentVariantSpec = z.discriminatedUnion('type', [PageSpec, TextSpec, IconSpec])
export type DocumentVariantSpec = z.output<typeof DocumentVariantSpec>
