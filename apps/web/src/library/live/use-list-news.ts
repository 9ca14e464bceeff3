import type { AssetSort } from '@darkroom/contracts'
import { type RefObject, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { readAssets } from '../../assets/read-assets.ts'
import { useServices } from '../../hooks/use-services.ts'
import { useNotice } from '../../ui/notice.tsx'
import type { PageList } from '../data/page-list.ts'
import { apiFilterOf, DEFAULT_SORT, filterIn, type LibrarySearch } from '../search/library-search.ts'
import type { EventTail } from './event-tail.ts'
import { createListNews, type News } from './list-news.ts'

interface ListNewsOptions {
  list: PageList
  search: LibrarySearch
  tail: EventTail
  /** Where the list is shown. */
  place: RefObject<HTMLElement | null>
  /** Somebody does something with assets of the list. */
  isInUse: boolean
}

/** Returns what the list does not show yet, and what shows it. Assets that are shown are kept up to date on the way. */
export function useListNews({ list, search, tail, place, isInUse }: ListNewsOptions) {
  const { clients, assets } = useServices()
  const { fail } = useNotice()
  const inUse = useRef(isInUse)
  useEffect(() => {
    inUse.current = isInUse
  }, [isInUse])
  const asked = JSON.stringify([filterIn(search), search.sort ?? DEFAULT_SORT])
  const listNews = useMemo(() => {
    const [filter, sort]: [LibrarySearch, AssetSort] = JSON.parse(asked)
    return createListNews({
      list,
      filter: apiFilterOf(filter),
      readAssets: ids => readAssets(clients().quick, ids),
      put: assets.put,
      mayShow: news => !inUse.current && isAtRest(place.current) && comesFirst(news, sort),
    })
  }, [clients, assets, list, asked, place])
  useEffect(() => {
    // What could not be read now comes with what happens next.
    const unsubscribe = tail.subscribe(happened => void listNews.take(happened).catch(() => undefined))
    return () => void unsubscribe()
  }, [tail, listNews])
  const news = useSyncExternalStore(listNews.subscribe, listNews.get)

  async function show(): Promise<void> {
    try {
      await listNews.show()
      if (isAbove(place.current)) window.scrollTo({ top: 0 })
    } catch (error) {
      fail(error)
    }
  }
  return { news, show: () => void show() }
}

/** What comes stands at the beginning of the list. */
const comesFirst = ({ came, isUnclear }: News, sort: AssetSort): boolean =>
  sort === '-createdAt' || (came.size === 0 && !isUnclear)

/** The beginning of the list is above the window. */
const isAbove = (place: HTMLElement | null): boolean => (place?.getBoundingClientRect().top ?? 0) < 0

/** Nobody points at the list, moves in it by keyboard or has scrolled into it: what moves there is in nobody's way. */
const isAtRest = (place: HTMLElement | null): boolean =>
  !isAbove(place) && !place?.querySelector('[role=grid]:hover, [role=grid] :focus-visible')
