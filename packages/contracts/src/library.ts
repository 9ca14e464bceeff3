import { z } from 'zod'
import { all, hasCondition, NEEDS_ALL } from './everything.ts'
import { Folder } from './folder.ts'
import { MEDIA_KINDS } from './media-types.ts'
import { pageOf, pageQueryByName } from './paging.ts'
import { Sha256, tags, text } from './requests.ts'
import { ASSET_STATUSES, Asset, AssetSummary } from './resources.ts'

const time = z.iso.datetime({ offset: true })

/** Which assets; all that is given must hold. */
export const AssetFilter = z.object({
  status: z.enum(ASSET_STATUSES).optional().meta({ description: 'How far they are.' }),
  kind: z.enum(MEDIA_KINDS).optional().meta({ description: 'What their bytes are.' }),
  tag: text(100).optional().meta({ description: 'A tag that they have.' }),
  externalId: text(255).optional().meta({ description: 'Your own id of one asset.' }),
  folder: Folder.optional().meta({ description: 'What lies in this folder itself; empty is the top.' }),
  sha256: Sha256.optional().meta({ description: 'Of the verified bytes: finds duplicates.' }),
  q: text(200).optional().meta({
    description:
      'Part of the file name; upper and lower case are the same. One or two characters are the beginning of a word of Latin letters and digits; in other scripts they may stand anywhere.',
  }),
  createdAfter: time.optional().meta({ description: 'Created after this time.' }),
  createdBefore: time.optional().meta({ description: 'Created before this time.' }),
})
export type AssetFilter = z.output<typeof AssetFilter>

/** How much of an asset a list shows. */
export const ASSET_VIEWS = ['basic', 'full'] as const

export const ASSET_SORTS = ['createdAt', '-createdAt', 'filename', '-filename', 'byteSize', '-byteSize'] as const
export type AssetSort = (typeof ASSET_SORTS)[number]

export const AssetQuery = z.object({
  ...pageQueryByName,
  sort: z
    .enum(ASSET_SORTS)
    .default('-createdAt')
    .meta({ description: '`-` is descending. Names are sorted by their first 120 characters.' }),
  view: z.enum(ASSET_VIEWS).default('basic').meta({
    description:
      '`basic`: each item is an `AssetSummary`. `full`: each is an `Asset`, with all variants, facts and metadata.',
  }),
  ...AssetFilter.shape,
})
export type AssetQuery = z.output<typeof AssetQuery>

export const AssetPage = z
  .object({
    items: z.array(z.xor([Asset, AssetSummary])),
    nextCursor: z.string().nullable().meta({
      description:
        'Null when there is no more. A page may have fewer items than `limit`, even none, and still be followed by others.',
    }),
  })
  .meta({ id: 'AssetPage' })
export type AssetPage = z.output<typeof AssetPage>

export const FolderQuery = z.object({
  ...pageQueryByName,
  prefix: Folder.default('').meta({ description: 'Whose folders; empty is the top.' }),
})

export const FolderPage = pageOf(
  z.object({
    name: z.string(),
    path: z.string(),
    count: z.int().meta({ description: 'Assets in it and below.' }),
  }),
  'FolderPage',
)

/** This many ids can be named in one request. */
export const MAX_BULK_IDS = 1000

const target = {
  ids: z.array(z.uuid()).min(1).max(MAX_BULK_IDS).optional(),
  filter: AssetFilter.optional().meta({ description: 'As for the list. Give either `ids` or `filter`.' }),
  all,
  dryRun: z.boolean().default(false).meta({ description: 'Only count.' }),
  cursor: pageQueryByName.cursor.meta({
    description: 'The `nextCursor` of the answer before; nothing for the first request.',
  }),
}

const bulkTags = tags.min(1)

export const BulkRequest = z
  .discriminatedUnion('action', [
    z.object({ ...target, action: z.literal('tag'), tags: bulkTags }).meta({ id: 'BulkTag' }),
    z.object({ ...target, action: z.literal('untag'), tags: bulkTags }).meta({ id: 'BulkUntag' }),
    z.object({ ...target, action: z.literal('move'), folder: Folder }).meta({ id: 'BulkMove' }),
    z.object({ ...target, action: z.literal('delete') }).meta({ id: 'BulkDelete' }),
  ])
  .refine(({ ids, filter, all }) => ids === undefined || (filter === undefined && !all), {
    path: ['ids'],
    error: 'expected without `filter` and `all`',
  })
  .refine(({ ids, filter = {}, all }) => ids !== undefined || all || hasCondition(filter), {
    path: ['all'],
    error: NEEDS_ALL,
  })
  .meta({ id: 'BulkRequest', example: { action: 'tag', tags: ['summer'], filter: { folder: '2026/summer' } } })
export type BulkRequest = z.output<typeof BulkRequest>

export const BulkAnswer = z
  .object({
    matched: z.int().meta({ description: 'Assets that the action changes; those that are so already do not count.' }),
    exact: z.boolean().meta({
      description: 'Whether `matched` and `remaining` are all of them. If not, they are that many at least.',
    }),
    changed: z.int().meta({ description: 'How many of them this request changed; 0 for a dry run.' }),
    remaining: z.int().meta({ description: 'How many are left, 0 only when none is.' }),
    nextCursor: z.string().nullable().meta({
      description:
        'Null when all have been looked at. Else send the same request again with it as `cursor`: also when nothing was found among those that one request looks at.',
    }),
  })
  .meta({ id: 'BulkAnswer' })
