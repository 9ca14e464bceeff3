import { useSyncExternalStore } from 'react'
import { useServices } from '../hooks/use-services.ts'

/** Returns the chosen colours, and how to choose others. */
export function useTheme() {
  const { theme } = useServices()
  return [useSyncExternalStore(theme.subscribe, theme.get), theme.set] as const
}
