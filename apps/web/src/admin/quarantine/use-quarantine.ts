import { useInfiniteQuery } from '@tanstack/react-query'
import { adminKey } from '../parts/admin-key.ts'
import { refreshAfter } from '../parts/refresh.ts'
import { useAdmin } from '../parts/use-admin.ts'

/** It rarely changes. */
const REFRESH_MS = 15_000

export function useQuarantine() {
  const { api, apiKey } = useAdmin()
  return useInfiniteQuery({
    queryKey: adminKey(apiKey, 'quarantine'),
    queryFn: ({ pageParam }) => api.listQuarantine(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: apiKey !== null,
    refetchInterval: ({ state }) => refreshAfter(state.error, REFRESH_MS),
  })
}
