import type { Asset } from '@darkroom/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApiKey } from './use-api-key.ts'
import { useAssets } from './use-assets.ts'
import { useServices } from './use-services.ts'

const PAGE_SIZE = 24
/** Nothing to look at: not there any more, or never brought its bytes. */
const HIDDEN: readonly Asset['status'][] = ['awaiting_upload', 'expired', 'deleting', 'deleted']

/** The assets of the project, newest first, page by page, without those in `elsewhere`. */
export function useLibrary(elsewhere: ReadonlySet<string>) {
  const { api, assets: store } = useServices()
  const { key } = useApiKey()
  const assets = useAssets()
  const query = useInfiniteQuery({
    queryKey: ['library', key],
    queryFn: async ({ pageParam }) => {
      const page = await api.listAssets({ limit: PAGE_SIZE, cursor: pageParam })
      store.put(page.items)
      return { ids: page.items.map(asset => asset.id), nextCursor: page.nextCursor }
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: key !== null,
    refetchOnWindowFocus: false,
  })
  const items = useMemo(() => {
    const ids = new Set(query.data?.pages.flatMap(page => page.ids))
    return [...ids]
      .filter(id => !elsewhere.has(id))
      .flatMap(id => assets.get(id) ?? [])
      .filter(asset => !HIDDEN.includes(asset.status))
  }, [query.data, assets, elsewhere])
  return { ...query, items }
}
