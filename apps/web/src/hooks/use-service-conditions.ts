import { MEDIA_KINDS } from '@darkroom/contracts/media-types'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import type { ServiceConditions } from '../uploads/service-conditions.ts'
import { useApiKey } from './use-api-key.ts'
import { useServices } from './use-services.ts'

/** Returns what concerns all files at once; the same object until it changes. */
export function useServiceConditions(): ServiceConditions {
  const { gate, statusQuery } = useServices()
  const { readDenial } = useApiKey()
  const hold = useSyncExternalStore(gate.subscribe, gate.hold)
  // Whoever shows the page asks for it; here it is only read.
  const { data } = useQuery({ ...statusQuery, enabled: false })
  const paused = MEDIA_KINDS.filter(kind => data?.processing?.[kind] === 'paused').join(' ')
  return useMemo(() => {
    const pausedKinds = MEDIA_KINDS.filter(kind => paused.split(' ').includes(kind))
    return { hold, readDenial, pausedKinds }
  }, [hold, readDenial, paused])
}
