import { MEDIA_KINDS } from '@darkroom/contracts/media-types'
import type { AssetStatus, AssetSummary, Darkroom, Schemas } from '@darkroom/sdk'
import { InvalidArgumentError, Option } from 'commander'
import prettyBytes from 'pretty-bytes'
import { parseMoment } from '../job-filter.ts'
import { commandWithJsonLines, moment, printLine } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { type Column, table } from '../table.ts'

const PAGE = 200

const STATUSES = [
  'awaiting_upload',
  'processing',
  'ready',
  'partial',
  'failed',
  'expired',
  'deleting',
] as const satisfies AssetStatus[]

const SORTS = ['createdAt', '-createdAt', 'filename', '-filename', 'byteSize', '-byteSize'] as const

interface Options {
  json?: true
  status?: (typeof STATUSES)[number]
  kind?: (typeof MEDIA_KINDS)[number]
  tag?: string
  externalId?: string
  search?: string
  since?: Date
  before?: Date
  sort: (typeof SORTS)[number]
  limit: number
  all?: true
  folders?: true
}

export const lsCommand = () =>
  commandWithJsonLines('ls', { description: '', example: 'ls 2026/summer --status ready --limit 20' })
    .argument('[folder]', 'only assets directly in this folder, / for those in none; default: all assets')
    .addOption(new Option('--status <status>', 'only assets in this state').choices(STATUSES))
    .addOption(new Option('--kind <kind>', 'only assets of this kind').choices(MEDIA_KINDS))
    .option('--tag <tag>', 'only assets with this tag')
    .option('--external-id <id>', 'only the asset with this id of yours')
    .option('--search <text>', 'only assets with this text in their file name')
    .option(
      '--since <time>',
      'only created since then: 30m, 1h, 2d, or a time such as 2026-03-01T12:00:00Z',
      parseMoment,
    )
    .option('--before <time>', 'only created before then, in the format of --since', parseMoment)
    .addOption(
      new Option('--sort <field>', 'order of the results; -createdAt is newest first')
        .choices(SORTS)
        .default('-createdAt'),
    )
    .option('--limit <count>', 'maximum number of results', parseCount, 50)
    .option('--all', 'all results, however many')
    .option('--folders', 'list the folders in this folder instead of assets')
    .action(list)

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a number of results.')
  return Number(text)
}

const list = (folder: string | undefined, options: Options): Promise<void> =>
  options.folders ? listFolders(folder ?? '', options) : listAssets(folder, options)

async function listAssets(folder: string | undefined, options: Options): Promise<void> {
  const query = given({
    folder: folder === '/' ? '' : folder,
    status: options.status,
    kind: options.kind,
    tag: options.tag,
    externalId: options.externalId,
    q: options.search,
    createdAfter: options.since?.toISOString(),
    createdBefore: options.before?.toISOString(),
    sort: options.sort,
  })
  await show<AssetSummary>(options, {
    read: (darkroom, part) => darkroom.assets.list({ ...query, ...part }),
    columns: COLUMNS,
    rowOf: asset => [
      asset.id,
      asset.status,
      prettyBytes(asset.byteSize),
      moment(asset.createdAt),
      asset.folder === '' ? asset.filename : `${asset.folder}/${asset.filename}`,
    ],
    none: 'No matching assets.',
  })
}

const COLUMNS: Column[] = ['ID', 'STATUS', { title: 'SIZE', drop: 2 }, { title: 'CREATED', drop: 1 }, 'NAME']

const listFolders = (prefix: string, options: Options): Promise<void> =>
  show<Schemas['FolderPage']['items'][number]>(options, {
    read: (darkroom, part) => darkroom.assets.folders({ prefix, ...part }),
    columns: ['ASSETS', 'FOLDER'],
    rowOf: ({ path, count }) => [count, path],
    none: 'No folders here.',
  })

interface Part {
  limit: number
  cursor?: string
}

interface View<T> {
  read(darkroom: Darkroom, part: Part): Promise<{ items: T[]; nextCursor: string | null }>
  columns: Column[]
  rowOf(item: T): (string | number)[]
  none: string
}

/** Prints a list page by page, so that the first lines of a long one come at once and none is kept. */
async function show<T>(options: Options, { read, columns, rowOf, none }: View<T>): Promise<void> {
  const { darkroom } = await connectSdk()
  let left = options.all ? Number.POSITIVE_INFINITY : options.limit
  let isFirst = true
  for (let cursor: string | undefined; left > 0; ) {
    const { items, nextCursor } = await read(darkroom, { limit: Math.min(PAGE, left), ...given({ cursor }) })
    if (options.json) for (const item of items) printLine(options, item, String)
    else if (items.length > 0) {
      console.log(table(columns, items.map(rowOf), { hasHeading: isFirst }))
      isFirst = false
    }
    left -= items.length
    if (nextCursor === null) return isFirst && !options.json ? console.log(none) : undefined
    cursor = nextCursor
  }
  // On stderr: it is no item of the list.
  console.error('There are more. Print them with --all, or a larger --limit.')
}
