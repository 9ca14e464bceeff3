import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import { Sha256 } from './requests.ts'
import { DeletionReceipt } from './resources.ts'
import { text } from './storable-text.ts'

export const TakedownRequest = z
  .object({
    reason: text(1000).meta({ description: 'Stored with the takedown; never shown to clients.' }),
    everywhere: z
      .boolean()
      .default(false)
      .meta({ description: 'Refuses the same bytes in every project. Operators only.' }),
  })
  .meta({ id: 'TakedownRequest', example: { reason: 'Notice 2026-118 of the rights holder' } })

export const Takedown = z
  .object({
    id: z.uuid(),
    assetId: z.uuid(),
    projectId: z.uuid(),
    sha256: z.string().nullable().meta({
      description: 'SHA-256 of the bytes that are refused from now on; null if it was not known yet.',
    }),
    everywhere: z.boolean(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    lifted: z
      .object({
        at: z.iso.datetime(),
        by: z.string().meta({ description: 'The public part of the API key, as shown by `npx darkroom keys list`.' }),
        reason: z.string(),
      })
      .nullable()
      .meta({ description: 'When the takedown was lifted. Null: the bytes are refused.' }),
  })
  .meta({ id: 'Takedown' })
export type Takedown = z.output<typeof Takedown>

export const TakedownQuery = z.object({
  projectId: z
    .uuid()
    .optional()
    .meta({ description: 'Operators can name a project; other keys always use their own.' }),
  sha256: Sha256.optional().meta({ description: 'Only takedowns that refuse these bytes.' }),
  ...pageQuery,
})

export const TakedownPage = pageOf(Takedown, 'TakedownPage')
export type TakedownPage = z.output<typeof TakedownPage>

export const LiftQuery = z.object({
  reason: text(1000).meta({ description: 'Stored with the takedown.', example: 'Counter-notice 2026-131' }),
})

export const TakedownAnswer = z
  .object({
    takedown: Takedown,
    copies: z.array(z.uuid()).meta({
      description:
        'Other assets with the same bytes that are not deleted, at most 100. They stay; take each one down separately.',
    }),
  })
  .meta({ id: 'TakedownAnswer' })

export const Receipt = z
  .object({
    assetId: z.uuid(),
    status: z.enum(['deleting', 'deleted']),
    receipt: DeletionReceipt.nullable().meta({ description: 'When the deletion was final. Null until then.' }),
    cdnPurgedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the CDN cache was purged; null also if no CDN is configured.' }),
    takedown: Takedown.nullable(),
  })
  .meta({ id: 'Receipt', description: 'Receipt of an asset that was deleted or taken down.' })
export type Receipt = z.output<typeof Receipt>
