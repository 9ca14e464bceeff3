import { z } from 'zod'
import { assetFilterQuery } from './library.ts'
import { MEDIA_KINDS } from './media-types.ts'
import { pageQueryByName } from './paging.ts'
import { ASSET_STATUSES } from './resources.ts'
import { text } from './storable-text.ts'

/** Assets that one request counts at most. */
export const MOST_COUNTED = 100_000

export const AssetCountQuery = z.object(assetFilterQuery)
export type AssetCountQuery = z.output<typeof AssetCountQuery>

const amounts = {
  count: z.int().meta({ description: 'Number of assets.' }),
  bytes: z.int().meta({ description: 'Sum of the sizes of their originals.' }),
}

export const AssetCounts = z
  .object({
    ...amounts,
    exact: z.boolean().meta({
      description: `False when more than ${MOST_COUNTED} assets had to be looked at: all numbers are then lower bounds.`,
    }),
    kinds: z
      .array(z.object({ kind: z.enum(MEDIA_KINDS).nullable(), ...amounts }))
      .meta({ description: 'By kind of media, as if the filter had no `kind`. Kinds without assets are left out.' }),
    statuses: z
      .array(z.object({ status: z.enum(ASSET_STATUSES), ...amounts }))
      .meta({ description: 'By status, as if the filter had no `status`. Statuses without assets are left out.' }),
  })
  .meta({ id: 'AssetCounts' })
export type AssetCounts = z.output<typeof AssetCounts>

/** Assets of a tag that are counted at most. */
export const MOST_COUNTED_OF_TAG = 100

export const TagQuery = z.object({
  ...pageQueryByName,
  q: text(100).optional().meta({ description: 'Part of the tag, case-insensitive.' }),
})

export const TagPage = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        count: z.int().meta({
          description: `Number of assets with the tag; counted up to ${MOST_COUNTED_OF_TAG}, which stands for that many or more.`,
        }),
      }),
    ),
    nextCursor: z.string().nullable().meta({
      description:
        'Null on the last page. A page can have fewer items than `limit`, even none, and still be followed by another page.',
    }),
  })
  .meta({ id: 'TagPage' })
