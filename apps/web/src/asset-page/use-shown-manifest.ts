import type { Asset, Manifest } from '@darkroom/contracts'
import { useQuery } from '@tanstack/react-query'
import { closed, type Open } from '../api/closed.ts'
import { needsView } from '../assets/with-view.ts'
import { useServices } from '../hooks/use-services.ts'

/** Half of what a view lasts. */
const RENEW_MS = 30 * 60_000

/** Reads how the asset is shown in a web page, with URLs that need no key; undefined until it is there. */
export function useShownManifest(asset: Asset): Manifest | undefined {
  const { clients } = useServices()
  const isPrivate = needsView(asset)
  const { data } = useQuery({
    queryKey: ['manifest', asset.id, asset.variants.map(({ name, sha256 }) => `${name} ${sha256}`), asset.altText],
    queryFn: () => {
      const { assets } = clients().patient
      const manifest: Promise<Open<Manifest>> = isPrivate
        ? assets.view(asset.id).then(view => view.manifest)
        : assets.manifest(asset.id)
      return closed<Manifest>(manifest)
    },
    staleTime: RENEW_MS,
    refetchInterval: isPrivate ? RENEW_MS : false,
    placeholderData: (previous, query) => (query?.queryKey[1] === asset.id ? previous : undefined),
  })
  return data
}
