import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import { Sha256, text } from './requests.ts'
import { DeletionReceipt } from './resources.ts'

export const TakedownRequest = z
  .object({
    reason: text(1000).meta({ description: 'Kept with the takedown; no client is told.' }),
    everywhere: z
      .boolean()
      .default(false)
      .meta({ description: 'Refuses the same bytes in every project; for operators.' }),
  })
  .meta({ id: 'TakedownRequest', example: { reason: 'Notice 2026-118 of the rights holder' } })

export const Takedown = z
  .object({
    id: z.uuid(),
    assetId: z.uuid(),
    projectId: z.uuid(),
    sha256: z.string().nullable().meta({
      description: 'Of the bytes that are refused from now on; null when none had been read yet.',
    }),
    everywhere: z.boolean(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    lifted: z
      .object({
        at: z.iso.datetime(),
        by: z.string().meta({ description: 'The public part of the key, as `npx darkroom keys list` has it.' }),
        reason: z.string(),
      })
      .nullable()
      .meta({ description: 'Since when the bytes are taken again. Null: they are refused.' }),
  })
  .meta({ id: 'Takedown' })
export type Takedown = z.output<typeof Takedown>

export const TakedownQuery = z.object({
  projectId: z.uuid().optional().meta({ description: 'An operator names a project; others have their own.' }),
  sha256: Sha256.optional().meta({ description: 'Which takedowns refuse these bytes.' }),
  ...pageQuery,
})

export const TakedownPage = pageOf(Takedown, 'TakedownPage')
export type TakedownPage = z.output<typeof TakedownPage>

export const LiftQuery = z.object({
  reason: text(1000).meta({ description: 'Kept with the takedown.', example: 'Counter-notice 2026-131' }),
})

export const TakedownAnswer = z
  .object({
    takedown: Takedown,
    copies: z.array(z.uuid()).meta({
      description: 'Other assets with the same bytes that are not deleted, at most 100. They stay: take each down.',
    }),
  })
  .meta({ id: 'TakedownAnswer' })

export const Receipt = z
  .object({
    assetId: z.uuid(),
    status: z.enum(['deleting', 'deleted']),
    receipt: DeletionReceipt.nullable().meta({ description: 'Null until nothing of the asset can come back.' }),
    cdnPurgedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the CDN had dropped its copies; null also where none is told.' }),
    takedown: Takedown.nullable(),
  })
  .meta({ id: 'Receipt', description: 'What became of an asset that was deleted or taken down.' })
export type Receipt = z.output<typeof Receipt>
