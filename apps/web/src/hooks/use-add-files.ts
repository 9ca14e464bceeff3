import type { ServiceStatus } from '@darkroom/contracts'
import { useCallback, useEffect, useState } from 'react'
import { newItems } from '../uploads/new-items.ts'
import { useServices } from './use-services.ts'

/**
 * Begins uploads. Files that come before the service has said what it takes wait: whoever drops them while the page loads
 * shall not be told that they may not. `limits` is null until then, `earlyCount` how many wait.
 */
export function useAddFiles(limits: ServiceStatus | null) {
  const { takeFiles, uploadOptions, newId } = useServices()
  const [early, setEarly] = useState<File[]>([])

  useEffect(() => {
    if (!limits || early.length === 0) return
    setEarly([])
    takeFiles(newItems(early, limits, newId, uploadOptions.get()))
  }, [takeFiles, uploadOptions, newId, limits, early])

  const addFiles = useCallback(
    (files: File[]) => {
      if (limits) takeFiles(newItems(files, limits, newId, uploadOptions.get()))
      else setEarly(held => [...held, ...files])
    },
    [takeFiles, uploadOptions, newId, limits],
  )
  return { addFiles, earlyCount: early.length }
}
