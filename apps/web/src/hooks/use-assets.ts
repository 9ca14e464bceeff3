import { useSyncExternalStore } from 'react'
import { useServices } from './use-services.ts'

/** The newest state of every asset on the page, by id. */
export function useAssets() {
  const { assets } = useServices()
  return useSyncExternalStore(assets.subscribe, assets.all)
}

/** Ids of assets that are no more. */
export function useGoneAssets() {
  const { assets } = useServices()
  return useSyncExternalStore(assets.subscribe, assets.gone)
}
