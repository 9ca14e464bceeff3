import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { closed } from '../../api/closed.ts'
import { assetOfSummary } from '../../assets/known-asset.ts'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useServices } from '../../hooks/use-services.ts'
import { apiFilterOf, DEFAULT_SORT, filterIn, type LibrarySearch } from '../search/library-search.ts'
import { type AssetPageAnswer, createPageList, PAGE_SIZE } from './page-list.ts'

/**
 * Returns the assets that an address asks for: another list for each filter, order and key, and for each `reload`.
 * @param begun what the list is kept up to date by has begun, so that nothing happens unseen in between
 */
export function usePageList(search: LibrarySearch, begun: Promise<void>) {
  const { clients, assets } = useServices()
  const { key } = useApiKey()
  const [round, setRound] = useState(0)
  const asked = JSON.stringify([filterIn(search), search.sort ?? DEFAULT_SORT])
  const list = useMemo(() => {
    // What the list is asked for; the key and the round make another one of the same.
    void [key, round]
    const [filter, sort]: [LibrarySearch, NonNullable<LibrarySearch['sort']>] = JSON.parse(asked)
    const query = { ...apiFilterOf(filter), sort, limit: PAGE_SIZE }
    return createPageList(async (cursor, signal) => {
      await begun
      const asks = clients().quick.assets.list({ ...query, ...(cursor !== null && { cursor }) }, { signal })
      const page = await closed<AssetPageAnswer>(asks)
      // Only what still changes is followed: all that were ever looked at would fill the memory.
      assets.put(
        page.items.filter(({ status, progress }) => status === 'processing' || progress < 1).map(assetOfSummary),
      )
      const isShown = ({ status }: AssetPageAnswer['items'][number]) =>
        status !== 'deleting' || filter.status === 'deleting'
      return { ...page, items: page.items.filter(isShown) }
    })
  }, [clients, assets, key, round, asked, begun])
  useEffect(() => () => list.end(), [list])
  const state = useSyncExternalStore(list.subscribe, list.get)
  return { list, state, reload: () => setRound(last => last + 1) }
}
