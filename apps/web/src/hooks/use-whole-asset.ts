import { skipToken, useQuery } from '@tanstack/react-query'
import type { KnownAsset } from '../assets/known-asset.ts'
import { readAssets } from '../assets/read-assets.ts'
import { useServices } from './use-services.ts'

/** Reads an asset of which only what a list shows is known, into the store. */
export function useWholeAsset(asset: KnownAsset | undefined): void {
  const { clients, assets: store } = useServices()
  const wanted = asset?.isSummary ? asset : null
  useQuery({
    queryKey: ['asset', wanted?.id, wanted?.revision],
    queryFn: wanted ? async () => store.put(await readAssets(clients().quick, [wanted.id])) : skipToken,
  })
}
