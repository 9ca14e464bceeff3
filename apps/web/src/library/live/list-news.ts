import type { Asset } from '@darkroom/contracts'
import type { PageList } from '../data/page-list.ts'
import type { AssetFilterQuery } from '../search/library-search.ts'
import type { Happened } from './event-tail.ts'
import { fits } from './fits.ts'

/** Of more assets at a time it is only known that something changed. */
const MOST_ASKED = 200

/** What a list does not show yet. */
export interface News {
  /** Assets that belong into the list. */
  came: ReadonlySet<string>
  /** Assets that do not belong into it any more. */
  left: ReadonlySet<string>
  /** There may be more of both. */
  isUnclear: boolean
}

const NO_NEWS: News = { came: new Set(), left: new Set(), isUnclear: false }

interface NewsDeps {
  list: Pick<PageList, 'get' | 'asset' | 'hide' | 'renew'>
  filter: AssetFilterQuery
  readAssets: (ids: string[]) => Promise<Asset[]>
  /** Takes the newest state of assets that are shown; where they stand does not change. */
  put: (assets: Asset[]) => void
  /** Whether the list may change on its own, because that moves nothing that somebody looks at. */
  mayShow: (news: News) => boolean
}

/** Keeps a list up to date: what is shown changes in its place; what came or left is shown at once or waits until it is asked for. */
export function createListNews({ list, filter, readAssets, put, mayShow }: NewsDeps) {
  const listeners = new Set<() => void>()
  /** Created since it began. Others that are not shown may belong to a part of the list that was not read yet. */
  const created = new Set<string>()
  let news = NO_NEWS

  function set(next: News): void {
    news = next
    for (const listener of listeners) listener()
  }

  async function take(happened: Happened): Promise<void> {
    const asked = happened === 'everything' ? [] : concerned(happened)
    const isUnclear = news.isUnclear || happened === 'everything' || asked.length > MOST_ASKED
    if (asked.length === 0 && !isUnclear) return
    const some = asked.slice(0, MOST_ASKED)
    const assets = some.length > 0 ? await readAssets(some) : []
    const shown = new Set(list.get().ids)
    put(assets.filter(({ id }) => shown.has(id)))
    const fitting = new Set(assets.filter(asset => fits(asset, filter)).map(({ id }) => id))
    const changed = new Set(some)
    const kept = (ids: ReadonlySet<string>) => [...ids].filter(id => !changed.has(id))
    set({
      came: new Set([...kept(news.came), ...some.filter(id => fitting.has(id) && !shown.has(id))]),
      left: new Set([...kept(news.left), ...some.filter(id => !fitting.has(id) && shown.has(id))]),
      isUnclear,
    })
    if (hasNews() && mayShow(news)) await show()
  }

  /** Returns the ids that may have something to do with what is shown. */
  function concerned(events: Exclude<Happened, 'everything'>): string[] {
    const ids = new Set<string>()
    for (const { type, data } of events) {
      if (typeof data.assetId !== 'string') continue
      ids.add(data.assetId)
      if (type === 'asset.created') created.add(data.assetId)
    }
    const { ids: listed, isComplete } = list.get()
    const shown = new Set(listed)
    return [...ids].filter(id => (shown.has(id) ? list.asset(id) !== undefined : isComplete || created.has(id)))
  }

  const hasNews = () => news.came.size > 0 || news.left.size > 0 || news.isUnclear

  async function show(): Promise<void> {
    const shown = news
    // What was hidden because it was deleted here can have been restored elsewhere.
    list.hide(shown.came, false)
    await list.renew()
    if (news === shown) set(NO_NEWS)
  }

  return {
    get: () => news,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    take,
    /** Reads the list anew, with what came and without what left. */
    show,
  }
}
