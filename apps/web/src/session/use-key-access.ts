import type { CurrentKey } from '@darkroom/contracts'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { useQuery } from '@tanstack/react-query'
import { closed } from '../api/closed.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'
import { denialOf, type Need } from './key-access.ts'

const FRESH_MS = 5 * 60_000

/**
 * Returns what the key of this tab may do, and why it may not do something. `isLoading` until that is known for the first time; the fixed
 * key of local mode may do everything.
 */
export function useKeyAccess() {
  const { clients } = useServices()
  const { key } = useApiKey()
  const { data, isLoading } = useQuery({
    queryKey: ['key-access', key],
    queryFn: () => closed<CurrentKey>(clients().quick.keys.current()),
    enabled: key !== null,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
  })
  const access = (key !== null && data) || null
  return { access, isLoading: isLoading && key !== LOCAL_KEY, denialOf: (need: Need) => denialOf(access, need) }
}
