import { z } from 'zod'
import { text } from './storable-text.ts'

const time = z.iso.datetime()

export const CreateShare = z
  .object({
    variant: text(63).optional().meta({ description: 'Name of a variant. Default: the original.' }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When the link expires. Default: never.' }),
    maxDownloads: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Maximum number of downloads. Default: unlimited.' }),
  })
  .meta({ id: 'CreateShare', example: { variant: 'large', expiresAt: '2027-01-01T00:00:00Z', maxDownloads: 10 } })

export const Share = z
  .object({
    id: z.uuid(),
    variant: z.string().nullable(),
    expiresAt: time.nullable(),
    maxDownloads: z.int().nullable(),
    downloads: z.int(),
    createdAt: time,
    revokedAt: time.nullable(),
  })
  .meta({ id: 'Share' })
export type Share = z.output<typeof Share>

export const ShareCreated = Share.extend({
  url: z.url().nullable().meta({
    description:
      'Anyone with this URL can see the file. It is shown only once, because only its hash is stored; null in the response to a repeated request.',
  }),
}).meta({ id: 'ShareCreated' })

export const ShareList = z.object({ items: z.array(Share) }).meta({ id: 'ShareList' })
