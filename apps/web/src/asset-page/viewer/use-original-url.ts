import type { Asset } from '@darkroom/contracts'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useServices } from '../../hooks/use-services.ts'
import { isShownByBrowsers } from './shown-by-browsers.ts'

const LIFETIME_SEC = 3600

/** Returns a URL of the original that a tag can load for an hour; null until it is there, and for what no browser shows. */
export function useOriginalUrl(asset: Asset): string | null {
  const { clients } = useServices()
  const isShown = asset.original !== null && isShownByBrowsers(asset.contentType)
  const { data } = useQuery({
    queryKey: ['original', asset.id, asset.sha256],
    queryFn: isShown ? () => clients().patient.assets.downloadUrl(asset.id, { ttl: LIFETIME_SEC }) : skipToken,
    staleTime: (LIFETIME_SEC * 1000) / 2,
    refetchInterval: (LIFETIME_SEC * 1000) / 2,
  })
  return data ?? null
}
