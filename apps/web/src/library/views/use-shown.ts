import type { AssetSummary } from '@darkroom/contracts'
import { useMemo, useSyncExternalStore } from 'react'
import { assetOfSummary, type KnownAsset } from '../../assets/known-asset.ts'
import { useServices } from '../../hooks/use-services.ts'

/** Returns an asset as it is now: what the follower or a dialog knows is newer than the list. */
export function useShown(summary: AssetSummary): KnownAsset {
  const { assets } = useServices()
  const known = useSyncExternalStore(assets.subscribe, () => assets.all().get(summary.id))
  return useMemo(
    () => (known && known.revision >= summary.revision ? known : assetOfSummary(summary)),
    [known, summary],
  )
}
