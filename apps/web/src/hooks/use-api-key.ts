import { useSyncExternalStore } from 'react'
import { useServices } from './use-services.ts'

export function useApiKey() {
  const { keys } = useServices()
  return useSyncExternalStore(keys.subscribe, keys.get)
}
