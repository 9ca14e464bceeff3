import type { AssetSort, AssetStatus, MediaKind } from '@darkroom/contracts'
import type { Query } from '@darkroom/sdk'
import { choiceIn, textIn } from '../../routes/plain-search.ts'

/** Kinds of media, as filters name them. */
export const KINDS: Record<MediaKind, string> = {
  image: 'Images',
  video: 'Videos',
  audio: 'Audio',
  document: 'Documents',
}

/** States that can be asked for. */
export const STATUSES: Record<Exclude<AssetStatus, 'deleted'>, string> = {
  ready: 'Ready',
  partial: 'Partly ready',
  processing: 'Processing',
  failed: 'Failed',
  awaiting_upload: 'Waiting for the file',
  expired: 'Upload expired',
  deleting: 'Being deleted',
}

/** Orders of the list. */
export const SORTS: Record<AssetSort, string> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  filename: 'Name A to Z',
  '-filename': 'Name Z to A',
  '-byteSize': 'Largest first',
  byteSize: 'Smallest first',
}
export const DEFAULT_SORT: AssetSort = '-createdAt'

interface SizeRange {
  label: string
  minBytes?: number
  maxBytes?: number
}

/** Sizes that can be asked for, by their name in the address. */
export const SIZES = {
  tiny: { label: 'Up to 100 kB', maxBytes: 100_000 },
  small: { label: '100 kB to 1 MB', minBytes: 100_000, maxBytes: 1_000_000 },
  medium: { label: '1 to 10 MB', minBytes: 1_000_000, maxBytes: 10_000_000 },
  large: { label: '10 to 100 MB', minBytes: 10_000_000, maxBytes: 100_000_000 },
  huge: { label: 'Over 100 MB', minBytes: 100_000_000 },
} as const satisfies Record<string, SizeRange>
export type Size = keyof typeof SIZES

export const VIEWS = { grid: 'Grid', table: 'Table' }
export type View = keyof typeof VIEWS

/** What the library shows, as it stands in the address; what is left out has its default. */
export interface LibrarySearch {
  /** Part of a file name. */
  q?: string
  kind?: MediaKind
  status?: keyof typeof STATUSES
  tag?: string
  size?: Size
  /** Days in the time zone of the reader, such as `2026-11-25`; both are included. */
  from?: string
  to?: string
  /** Only assets directly in it; `/` is the top, and without it the folder does not matter. */
  folder?: string
  /** Assets that will be deleted. */
  deletion?: 'scheduled'
  sort?: AssetSort
  view?: View
}

/** The top folder in an address, where an empty text would be left out. */
export const TOP_FOLDER = '/'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const dayIn = (search: Record<string, unknown>, name: string) => {
  const text = textIn(search, name)
  return text && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

/** Reads what an address says; what nobody knows is left out. */
export function librarySearchOf(search: Record<string, unknown>): LibrarySearch {
  const read: { [Name in keyof LibrarySearch]: LibrarySearch[Name] | undefined } = {
    q: textIn(search, 'q')?.slice(0, 200),
    kind: choiceIn(search, 'kind', KINDS),
    status: choiceIn(search, 'status', STATUSES),
    tag: textIn(search, 'tag')?.slice(0, 100),
    size: choiceIn(search, 'size', SIZES),
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
    folder: textIn(search, 'folder')?.slice(0, 500),
    deletion: choiceIn(search, 'deletion', { scheduled: true }),
    sort: choiceIn(search, 'sort', SORTS),
    view: choiceIn(search, 'view', VIEWS),
  }
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
}

/** What narrows the list down, in the order in which it is shown. */
export const FILTER_NAMES = ['q', 'kind', 'status', 'tag', 'size', 'from', 'to', 'folder', 'deletion'] as const

/** Returns only what narrows the list down. */
export const filterIn = (search: LibrarySearch): LibrarySearch =>
  Object.fromEntries(FILTER_NAMES.flatMap(name => (search[name] === undefined ? [] : [[name, search[name]]])))

export type AssetFilterQuery = Query<'countAssets'>

/** Returns the filter of the API for what an address says. */
export function apiFilterOf({
  q,
  kind,
  status,
  tag,
  size,
  from,
  to,
  folder,
  deletion,
}: LibrarySearch): AssetFilterQuery {
  const range: SizeRange | undefined = size && SIZES[size]
  return {
    ...(q && { q }),
    ...(kind && { kind }),
    ...(status && { status }),
    ...(tag && { tag }),
    ...(range?.minBytes !== undefined && { minBytes: range.minBytes }),
    ...(range?.maxBytes !== undefined && { maxBytes: range.maxBytes }),
    ...(from && { createdAfter: new Date(startOfDay(from).getTime() - 1).toISOString() }),
    ...(to && { createdBefore: startOfDay(to, 1).toISOString() }),
    ...(folder !== undefined && { folder: folder === TOP_FOLDER ? '' : folder }),
    ...(deletion && { deletion }),
  }
}

/** Returns when a day begins where the reader is, or the one that is so many days later. */
function startOfDay(day: string, later = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later)
}
