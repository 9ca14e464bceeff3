import type { AssetSummary } from '@darkroom/contracts'
import { DarkroomError } from '@darkroom/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { closed } from '../api/closed.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'

const MAX_SHOWN = 6
const TYPING_PAUSE_MS = 120
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export type FoundAsset = Pick<AssetSummary, 'id' | 'filename' | 'status'>

/** Returns assets by a part of their names or by their id, as one types. */
export function useFoundAssets(text: string, isAllowed: boolean) {
  const { clients } = useServices()
  const { key } = useApiKey()
  const wanted = usePaused(text.trim())
  const { data = [], isFetching } = useQuery({
    queryKey: ['palette-assets', key, wanted],
    queryFn: ({ signal }) => (UUID.test(wanted) ? byId(signal) : byName(signal)),
    enabled: isAllowed && key !== null && wanted !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

  async function byName(signal: AbortSignal): Promise<FoundAsset[]> {
    const list = clients().quick.assets.list({ q: wanted, limit: MAX_SHOWN }, { signal })
    return (await closed<{ items: AssetSummary[] }>(list)).items
  }
  async function byId(signal: AbortSignal): Promise<FoundAsset[]> {
    try {
      return [await closed<FoundAsset>(clients().quick.assets.get(wanted, { signal }))]
    } catch (error) {
      if (error instanceof DarkroomError && error.status === 404) return []
      throw error
    }
  }
  return { assets: wanted === '' ? [] : data, isSearching: isFetching || wanted !== text.trim() }
}

/** Returns a text as it was when its last change is a moment ago. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return paused
}
