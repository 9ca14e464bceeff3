import type { ServiceStatus } from '@darkroom/contracts'
import { useCallback, useEffect, useState } from 'react'
import { newItems } from '../uploads/new-items.ts'
import { useServices } from './use-services.ts'

/**
 * Begins uploads. Files that come before the service has said what it takes wait: whoever drops them while the page loads
 * shall not be told that they may not. `limits` is null until then, `earlyCount` how many wait.
 */
export function useAddFiles(limits: ServiceStatus | null) {
  const { engine, newId } = useServices()
  const [early, setEarly] = useState<File[]>([])

  useEffect(() => {
    if (!limits || early.length === 0) return
    setEarly([])
    engine.add(newItems(early, limits, newId))
  }, [engine, newId, limits, early])

  const addFiles = useCallback(
    (files: File[]) => {
      if (limits) engine.add(newItems(files, limits, newId))
      else setEarly(held => [...held, ...files])
    },
    [engine, newId, limits],
  )
  return { addFiles, earlyCount: early.length }
}
