import { useSyncExternalStore } from 'react'
import { useServices } from './use-services.ts'

/** Returns the newest known state of every asset on the page, by id. */
export function useAssets() {
  const { assets } = useServices()
  return useSyncExternalStore(assets.subscribe, assets.all)
}

/** Returns the ids of assets that were deleted. */
export function useGoneAssets() {
  const { assets } = useServices()
  return useSyncExternalStore(assets.subscribe, assets.gone)
}
