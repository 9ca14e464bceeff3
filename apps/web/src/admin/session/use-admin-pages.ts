import type { Darkroom } from '@darkroom/sdk'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { closed, type Open } from '../../api/closed.ts'
import { refreshAfter } from '../../ui/refresh.ts'
import { adminKey } from './admin-key.ts'
import { useAdmin } from './use-admin.ts'

/** Where a page of a list begins; nothing for the first. */
interface PageStart {
  cursor?: string
}

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

interface AdminPages<T> {
  name: readonly unknown[]
  read: (darkroom: Darkroom, start: PageStart) => Promise<Open<Page<T>>>
  /** How long until one page is asked for again. The more pages are open, the longer. */
  everyMs: (items: T[]) => number
  /** What two pages may share that are read one after the other. */
  keyOf: (item: T) => string
}

/** Reads a list of the admin API page by page and keeps it fresh. The old list stays until the new one is there. */
export function useAdminPages<T>({ name, read, everyMs, keyOf }: AdminPages<T>) {
  const { clients, apiKey } = useAdmin()
  const query = useInfiniteQuery({
    queryKey: adminKey(apiKey, ...name),
    queryFn: ({ pageParam }) => closed<Page<T>>(read(clients.quick, pageParam === null ? {} : { cursor: pageParam })),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: apiKey !== null,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? []
      return refreshAfter(state.error, everyMs(pages.flatMap(page => page.items)) * Math.max(1, pages.length))
    },
  })
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  return { ...query, items: [...new Map(items.map(item => [keyOf(item), item])).values()] }
}
