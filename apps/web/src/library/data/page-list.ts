import type { AssetSummary } from '@darkroom/contracts'

/** Assets that are asked for at a time, as many as the API gives. */
export const PAGE_SIZE = 200
/** Pages whose assets are kept in memory, around those that are shown; of others the ids. */
const KEPT_PAGES = 6

export interface AssetPageAnswer {
  items: AssetSummary[]
  nextCursor: string | null
}

interface Page {
  /** With which it is read; null is the first. */
  cursor: string | null
  ids: readonly string[]
  /** Null while they are not in memory: they are read again when somebody looks. */
  assets: ReadonlyMap<string, AssetSummary> | null
}

/** What is known of a list, as one value that changes with it. */
export interface ListState {
  ids: readonly string[]
  /** Nothing follows the last id. */
  isComplete: boolean
  isLoading: boolean
  error: Error | null
  /** Grows with every change. */
  version: number
}

export type PageList = ReturnType<typeof createPageList>

const EMPTY: ListState = { ids: [], isComplete: false, isLoading: false, error: null, version: 0 }

/**
 * Holds a list of any length that is read page by page. The ids of all pages stay, because they are what one selects and moves
 * along; the assets only of the pages that are looked at, so that memory does not grow with the list.
 * @param read gets the cursor of a page; its signal ends with the list
 */
export function createPageList(read: (cursor: string | null, signal: AbortSignal) => Promise<AssetPageAnswer>) {
  const listeners = new Set<() => void>()
  const controller = new AbortController()
  const reading = new Set<number>()
  let pages: Page[] = []
  /** Grows when the list is read anew: answers to what was asked before do not fit in any more. */
  let round = 0
  let next: string | null | undefined
  let hidden: ReadonlySet<string> = new Set()
  let state = EMPTY

  function publish(changes: Partial<ListState>): void {
    state = { ...state, ...changes, version: state.version + 1 }
    for (const listener of listeners) listener()
  }
  const idsOf = (): string[] => pages.flatMap(page => page.ids.filter(id => !hidden.has(id)))

  async function readPage(at: number, cursor: string | null): Promise<void> {
    if (reading.has(at) || controller.signal.aborted) return
    const ofRound = round
    const isOver = () => controller.signal.aborted || round !== ofRound
    reading.add(at)
    publish({ isLoading: true, error: null })
    try {
      const { items, nextCursor } = await read(cursor, controller.signal)
      if (isOver()) return
      const isLast = at === pages.length || at === pages.length - 1
      pages = withPage(at, { cursor, ...contentOf(at, items) })
      if (isLast) next = nextCursor
      publish({ ids: idsOf(), isComplete: next === null, isLoading: reading.size > 1 })
    } catch (error) {
      if (!isOver()) publish({ error: error as Error, isLoading: reading.size > 1 })
    } finally {
      if (round === ofRound) reading.delete(at)
      if (reading.size === 0 && state.isLoading) publish({ isLoading: false })
    }
  }

  const withPage = (at: number, page: Page): Page[] =>
    at === pages.length ? [...pages, page] : pages.map((each, n) => (n === at ? page : each))

  /** An asset that moved within the order may come twice: it stays where it was first. */
  function contentOf(at: number, items: readonly AssetSummary[]): Pick<Page, 'ids' | 'assets'> {
    const elsewhere = new Set(pages.flatMap((page, n) => (n === at ? [] : page.ids)))
    const ids = items.map(({ id }) => id).filter(id => !elsewhere.has(id))
    return { ids, assets: new Map(items.map(asset => [asset.id, asset])) }
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get: () => state,
    asset: (id: string): AssetSummary | undefined => pages.find(page => page.assets?.has(id))?.assets?.get(id),
    /** Tells which part is looked at: reads what is missing of it and the page after, and forgets what lies far away. */
    look(first: number, last: number): void {
      let start = 0
      const shown: number[] = []
      for (const [at, { ids }] of pages.entries()) {
        if (start <= last && start + ids.length > first) shown.push(at)
        start += ids.length
      }
      const [from = 0, to = pages.length - 1] = [shown[0], shown.at(-1)]
      for (const at of shown) {
        const page = pages[at]
        if (page && page.assets === null) void readPage(at, page.cursor)
      }
      if (last >= start - PAGE_SIZE && next !== null) void readPage(pages.length, next ?? null)
      const isFar = (at: number) => at < from - KEPT_PAGES / 2 || at > to + KEPT_PAGES / 2
      pages = pages.map((page, at) => (page.assets !== null && isFar(at) ? { ...page, assets: null } : page))
    },
    /** Tells whether an asset is in what was read, hidden or not. */
    has: (id: string): boolean => pages.some(page => page.ids.includes(id)),
    /** Reads the list anew from its beginning. What is shown stays until that is there, and when it fails. */
    async renew(): Promise<void> {
      const { items, nextCursor } = await read(null, controller.signal)
      if (controller.signal.aborted) return
      round += 1
      reading.clear()
      pages = [{ cursor: null, ids: items.map(({ id }) => id), assets: new Map(items.map(asset => [asset.id, asset])) }]
      next = nextCursor
      publish({ ids: idsOf(), isComplete: next === null, isLoading: false, error: null })
    },
    /** Reads the next page after a failure. */
    tryAgain: () => void readPage(pages.length, next ?? null),
    /** Takes assets out of the list at once, or puts them back; the service decides later. */
    hide(ids: Iterable<string>, isHidden: boolean): void {
      const changed = new Set(hidden)
      for (const id of ids) {
        if (isHidden) changed.add(id)
        else changed.delete(id)
      }
      hidden = changed
      publish({ ids: idsOf() })
    },
    /** Shows changes of assets before the list is read again. */
    patch(ids: ReadonlySet<string>, change: (asset: AssetSummary) => AssetSummary): void {
      pages = pages.map(page => {
        if (!page.assets || !page.ids.some(id => ids.has(id))) return page
        const assets = [...page.assets].map(([id, asset]) => [id, ids.has(id) ? change(asset) : asset] as const)
        return { ...page, assets: new Map(assets) }
      })
      publish({})
    },
    end: () => controller.abort(),
  }
}
