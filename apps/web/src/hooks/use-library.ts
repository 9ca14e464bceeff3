import type { Asset, AssetSummary } from '@darkroom/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { closed } from '../api/closed.ts'
import { assetOfSummary } from '../assets/known-asset.ts'
import { useApiKey } from './use-api-key.ts'
import { useAssets } from './use-assets.ts'
import { useServices } from './use-services.ts'

interface AssetPage {
  items: AssetSummary[]
  nextCursor: string | null
}

const SHOWN_AT_ONCE = 24
/** Of the pages after the first, which are read ahead: what is not shown can take up whole pages. */
const NEXT_PAGE_SIZE = 96
/** Nothing to look at: not there any more, or never brought its bytes. */
const HIDDEN: readonly Asset['status'][] = ['awaiting_upload', 'expired', 'deleting', 'deleted']

/**
 * Reads the assets of the project, newest first, without those in `elsewhere`: 24, and 24 more each time that more are
 * wanted.
 */
export function useLibrary(elsewhere: ReadonlySet<string>) {
  const { clients, assets: store } = useServices()
  const { key } = useApiKey()
  const assets = useAssets()
  const [wanted, setWanted] = useState(SHOWN_AT_ONCE)
  const query = useInfiniteQuery({
    queryKey: ['library', key],
    queryFn: async ({ pageParam }) => {
      const limit = pageParam === null ? SHOWN_AT_ONCE : NEXT_PAGE_SIZE
      const page = await closed<AssetPage>(
        clients().quick.assets.list({ limit, ...(pageParam && { cursor: pageParam }) }),
      )
      store.put(page.items.map(assetOfSummary))
      return { ids: page.items.map(asset => asset.id), nextCursor: page.nextCursor }
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: key !== null,
    refetchOnWindowFocus: false,
  })
  const known = useMemo(() => {
    const ids = new Set(query.data?.pages.flatMap(page => page.ids))
    return [...ids]
      .filter(id => !elsewhere.has(id))
      .flatMap(id => assets.get(id) ?? [])
      .filter(asset => !HIDDEN.includes(asset.status))
  }, [query.data, assets, elsewhere])

  const { hasNextPage, isFetching, isError, error, isFetchNextPageError, fetchNextPage, refetch } = query
  const isShort = known.length < wanted && hasNextPage
  useEffect(() => {
    if (isShort && !isFetching && !isError) void fetchNextPage()
  }, [isShort, isFetching, isError, fetchNextPage])

  const items = useMemo(() => known.slice(0, wanted), [known, wanted])
  return {
    items,
    hasMore: hasNextPage || known.length > wanted,
    isLoading: isFetching,
    isComplete: query.isSuccess && !hasNextPage,
    error,
    loadMore: () => setWanted(items.length + SHOWN_AT_ONCE),
    /** Asks again for what could not be read, be it the first page or the next one. */
    tryAgain: () => void (isFetchNextPageError ? fetchNextPage() : refetch()),
  }
}
