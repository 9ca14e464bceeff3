import type { AssetCounts } from '@darkroom/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { closed } from '../../api/closed.ts'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useServices } from '../../hooks/use-services.ts'
import type { AssetFilterQuery } from '../search/library-search.ts'

const FRESH_MS = 15_000
const MOST_SUGGESTIONS = 50
/** Folders of one level that are shown; who has more searches. */
const MOST_FOLDERS = 200

/** What changes with the assets of the library: asked again after each change of many. */
export const LIBRARY_KEY = 'library-facts'

function useFact<T>(name: string, asked: unknown, read: () => Promise<T>, isWanted = true) {
  const { key } = useApiKey()
  return useQuery({
    queryKey: [LIBRARY_KEY, name, key, asked],
    queryFn: read,
    enabled: key !== null && isWanted,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  })
}

/** Returns how many assets fit a filter, by kind and status. */
export function useCounts(filter: AssetFilterQuery) {
  const { clients } = useServices()
  return useFact('counts', filter, () => closed<AssetCounts>(clients().quick.assets.counts(filter))).data
}

/** Returns tags that contain a text, with how many assets have each. */
export function useTags(q: string) {
  const { clients } = useServices()
  const query = { limit: MOST_SUGGESTIONS, ...(q && { q }) }
  return useFact('tags', query, () => clients().quick.assets.tags(query)).data?.items ?? []
}

/** Returns the folders in a folder. */
export function useFolders(prefix: string, isWanted: boolean) {
  const { clients } = useServices()
  const query = { prefix, limit: MOST_FOLDERS }
  return useFact('folders', query, () => clients().quick.assets.folders(query), isWanted).data
}

/** Returns what the project stores, and how much it may. */
export function useUsage() {
  const { clients } = useServices()
  return useFact('usage', null, () => clients().quick.usage.get()).data
}
