import { DarkroomError } from '@darkroom/sdk'
import { useQuery } from '@tanstack/react-query'
import { closed } from '../api/closed.ts'
import type { KnownAsset } from '../assets/known-asset.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useAssets, useGoneAssets } from '../hooks/use-assets.ts'
import { useServices } from '../hooks/use-services.ts'

export interface PageAsset {
  /** With all that is known of it. */
  asset: KnownAsset | null
  /** Why it cannot be shown: it is unknown, deleted, or the key may not read. */
  error: Error | null
  isGone: boolean
}

const STALE_MS = 10_000

/** Reads one asset with all its details, and goes on showing its newest state, whoever brings it. */
export function usePageAsset(id: string): PageAsset {
  const { clients, assets: store } = useServices()
  const { key } = useApiKey()
  const known = useAssets().get(id)
  const isDeletedHere = useGoneAssets().has(id)
  const { error } = useQuery({
    queryKey: ['page-asset', key, id, known?.newerRevision ?? null],
    queryFn: async () => {
      const asset = await closed<KnownAsset>(clients().quick.assets.get(id))
      store.put([asset])
      return asset.revision
    },
    enabled: key !== null && !isDeletedHere,
    staleTime: STALE_MS,
    refetchOnWindowFocus: true,
  })
  const isGone = isDeletedHere || (error instanceof DarkroomError && [404, 410].includes(error.status ?? 0))
  const isWhole = known && !known.isSummary
  return { asset: isWhole && !isGone ? known : null, error: isWhole ? null : error, isGone }
}
