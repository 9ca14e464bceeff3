import { useCallback, useSyncExternalStore } from 'react'
import { type Loaded, NOT_LOADED, type SharedResource } from './shared-resource.ts'

/** Loads a resource while the component is shown. Without a key it loads nothing, and neither does a server. */
export function useSharedResource<T>(resource: SharedResource<T>, key: string | null): Loaded<T> {
  const subscribe = useCallback(
    (listener: () => void) => (key === null ? () => undefined : resource.subscribe(key, listener)),
    [resource, key],
  )
  const snapshot = () => (key === null ? NOT_LOADED : resource.snapshot(key))
  return useSyncExternalStore(subscribe, snapshot, () => NOT_LOADED)
}
