import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useServices } from './use-services.ts'

const OFFLINE_POLL_MS = 3000
const ONLINE_POLL_MS = 20_000

/** What the service takes, and whether it is there. Asks more often while it is not, and wakes the rest when it is back. */
export function useServiceStatus() {
  const { api, keys, follower, queryClient } = useServices()
  const { data, isError } = useQuery({
    queryKey: ['status'],
    queryFn: async () => {
      const status = await api.status()
      keys.setMode(status.mode)
      return status
    },
    refetchInterval: query => (query.state.status === 'error' ? OFFLINE_POLL_MS : ONLINE_POLL_MS),
  })
  useEffect(() => {
    if (isError) return
    void queryClient.refetchQueries({ queryKey: ['library'], predicate: query => query.state.status === 'error' })
    follower.nudge()
  }, [isError, queryClient, follower])
  return { status: data ?? null, isOffline: isError }
}
