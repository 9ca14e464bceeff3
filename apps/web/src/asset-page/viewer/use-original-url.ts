import type { Asset } from '@darkroom/contracts'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useServices } from '../../hooks/use-services.ts'

const LIFETIME_SEC = 3600

/** What every browser shows; of others, the original is compared by the largest variant. */
const SHOWN_BY_BROWSERS = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/svg+xml'])

/** Returns a URL of the original that a tag can load for an hour; null until it is there, and for what no browser shows. */
export function useOriginalUrl(asset: Asset): string | null {
  const { clients } = useServices()
  const isShown = asset.original !== null && SHOWN_BY_BROWSERS.has(asset.contentType)
  const { data } = useQuery({
    queryKey: ['original', asset.id, asset.sha256],
    queryFn: isShown ? () => clients().patient.assets.downloadUrl(asset.id, { ttl: LIFETIME_SEC }) : skipToken,
    staleTime: (LIFETIME_SEC * 1000) / 2,
    refetchInterval: (LIFETIME_SEC * 1000) / 2,
  })
  return data ?? null
}
