import { useEffect } from 'react'
import { useServices } from './use-services.ts'

/** Looks for uploads that do not move, for as long as the page is open. */
export function useStallWatch(): void {
  const { stalls } = useServices()
  useEffect(() => stalls.start(), [stalls])
}
