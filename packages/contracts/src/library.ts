import { z } from 'zod'
import { tags } from './asset-details.ts'
import { Folder } from './folder.ts'
import { MEDIA_KINDS } from './media-types.ts'
import { pageOf, pageQueryByName } from './paging.ts'
import { Sha256 } from './requests.ts'
import { ASSET_STATUSES, Asset, AssetSummary } from './resources.ts'
import { all, hasCondition, NEEDS_ALL } from './select-all.ts'
import { text } from './storable-text.ts'

const time = z.iso.datetime({ offset: true })
const MAX_BYTES = Number.MAX_SAFE_INTEGER
const SIZES = { minBytes: 'Not smaller than this, in bytes.', maxBytes: 'Not larger than this, in bytes.' } as const

const MAX_UNDO_SEC = 30 * 24 * 60 * 60

/** What a filter asks for beside assets that stay. */
export const DELETION_FILTERS = ['scheduled', 'any'] as const

/** Which assets; all that is given must hold. */
export const AssetFilter = z.object({
  status: z.enum(ASSET_STATUSES).optional().meta({ description: 'Only assets with this status.' }),
  kind: z.enum(MEDIA_KINDS).optional().meta({ description: 'Only assets of this kind of media.' }),
  tag: text(100).optional().meta({ description: 'Only assets with this tag.' }),
  externalId: text(255).optional().meta({ description: 'The asset with this id of yours.' }),
  folder: Folder.optional().meta({ description: 'Only assets directly in this folder; empty for the root.' }),
  sha256: Sha256.optional().meta({ description: 'SHA-256 of the verified bytes; finds duplicates.' }),
  q: text(200).optional().meta({
    description:
      'Part of the file name, case-insensitive. One or two Latin letters or digits match the start of a word; in other scripts they match anywhere.',
  }),
  createdAfter: time.optional().meta({ description: 'Created after this time.' }),
  createdBefore: time.optional().meta({ description: 'Created before this time.' }),
  deletion: z.enum(DELETION_FILTERS).optional().meta({
    description:
      '`scheduled`: only assets that will be deleted (`deleteAt`) and can be restored. `any`: also those. Default: without them.',
  }),
  minBytes: z.int().min(0).max(MAX_BYTES).optional().meta({ description: SIZES.minBytes }),
  maxBytes: z.int().min(0).max(MAX_BYTES).optional().meta({ description: SIZES.maxBytes }),
})
export type AssetFilter = z.output<typeof AssetFilter>

const sizeInQuery = z.coerce.number().int().min(0).max(MAX_BYTES).optional()

/** The same in a query, where every value is text. */
export const assetFilterQuery = {
  ...AssetFilter.shape,
  minBytes: sizeInQuery.meta({ description: SIZES.minBytes }),
  maxBytes: sizeInQuery.meta({ description: SIZES.maxBytes }),
}

/** How much of an asset a list shows. */
export const ASSET_VIEWS = ['basic', 'full'] as const

export const ASSET_SORTS = ['createdAt', '-createdAt', 'filename', '-filename', 'byteSize', '-byteSize'] as const
export type AssetSort = (typeof ASSET_SORTS)[number]

export const AssetQuery = z.object({
  ...pageQueryByName,
  sort: z
    .enum(ASSET_SORTS)
    .default('-createdAt')
    .meta({ description: 'A leading `-` sorts descending. Names are sorted by their first 120 characters.' }),
  view: z.enum(ASSET_VIEWS).default('basic').meta({
    description:
      '`basic`: each item is an `AssetSummary`. `full`: each is an `Asset`, with all variants, facts and metadata.',
  }),
  ...assetFilterQuery,
})
export type AssetQuery = z.output<typeof AssetQuery>

export const AssetPage = z
  .object({
    items: z.array(z.xor([Asset, AssetSummary])),
    nextCursor: z.string().nullable().meta({
      description:
        'Null on the last page. A page can have fewer items than `limit`, even none, and still be followed by another page.',
    }),
  })
  .meta({ id: 'AssetPage' })
export type AssetPage = z.output<typeof AssetPage>

export const FolderQuery = z.object({
  ...pageQueryByName,
  prefix: Folder.default('').meta({ description: 'Lists the folders in this folder; empty for the root.' }),
})

export const FolderPage = pageOf(
  z.object({
    name: z.string(),
    path: z.string(),
    count: z.int().meta({ description: 'Number of assets in it and in its subfolders.' }),
  }),
  'FolderPage',
)

/** This many ids can be named in one request. */
export const MAX_BULK_IDS = 1000

const target = {
  ids: z.array(z.uuid()).min(1).max(MAX_BULK_IDS).optional(),
  filter: AssetFilter.optional().meta({ description: 'The filters of the list. Send either `ids` or `filter`.' }),
  all,
  dryRun: z.boolean().default(false).meta({ description: 'Only counts; nothing is changed.' }),
  cursor: pageQueryByName.cursor.meta({
    description: 'The `nextCursor` of the previous response; leave it out in the first request.',
  }),
}

const bulkTags = tags.min(1)

export const BulkRequest = z
  .discriminatedUnion('action', [
    z.object({ ...target, action: z.literal('tag'), tags: bulkTags }).meta({ id: 'BulkTag' }),
    z.object({ ...target, action: z.literal('untag'), tags: bulkTags }).meta({ id: 'BulkUntag' }),
    z.object({ ...target, action: z.literal('move'), folder: Folder }).meta({ id: 'BulkMove' }),
    z
      .object({
        ...target,
        action: z.literal('delete'),
        undoSec: z.int().min(1).max(MAX_UNDO_SEC).optional().meta({
          description:
            'Deletes them only after this many seconds: until then they stay as they are, left out of lists, and `restore` keeps them. Default: they are deleted for good at once.',
        }),
      })
      .meta({ id: 'BulkDelete' }),
    z.object({ ...target, action: z.literal('restore') }).meta({
      id: 'BulkRestore',
      description: 'Keeps assets whose deletion is scheduled. A deletion that has begun is final.',
    }),
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
export type BulkOutcome = (typeof BULK_OUTCOMES)[number]

export const BULK_OUTCOMES = ['changed', 'unchanged', 'too_many_tags', 'not_found'] as const

export const BulkAnswer = z
  .object({
    matched: z
      .int()
      .meta({ description: 'Assets that the action changes; those that already have the result are not counted.' }),
    exact: z.boolean().meta({
      description: 'Whether `matched` and `remaining` are exact. If not, they are lower bounds.',
    }),
    changed: z.int().meta({ description: 'Number of assets that this request changed; 0 for a dry run.' }),
    remaining: z.int().meta({ description: 'Number of assets that are left; 0 only if none are left.' }),
    nextCursor: z.string().nullable().meta({
      description:
        'Null when all assets were checked. Otherwise send the same request again with it as `cursor`, even if this request found no assets.',
    }),
    items: z
      .array(
        z.object({
          id: z.uuid(),
          outcome: z.enum(BULK_OUTCOMES).meta({
            description:
              '`changed`: for a dry run, it would be. `unchanged`: it has the result already. `too_many_tags`: it would have more than 50.',
          }),
        }),
      )
      .nullable()
      .meta({ description: 'What became of each of the `ids`, in their order; null for a request with a filter.' }),
  })
  .meta({ id: 'BulkAnswer' })
