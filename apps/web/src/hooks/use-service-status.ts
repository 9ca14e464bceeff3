import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useServices } from './use-services.ts'

const OFFLINE_POLL_MS = 3000
const ONLINE_POLL_MS = 20_000

/**
 * What the service takes, and whether it is there. Asks more often while it is not, and wakes the rest when it is back;
 * `inBackground` also while nobody looks, because files wait for that.
 */
export function useServiceStatus({ inBackground = false } = {}) {
  const { statusQuery, follower, queryClient } = useServices()
  const { data, isError } = useQuery({
    ...statusQuery,
    refetchInterval: query => (query.state.status === 'error' ? OFFLINE_POLL_MS : ONLINE_POLL_MS),
    refetchIntervalInBackground: inBackground,
  })
  useEffect(() => {
    if (isError) return
    void queryClient.refetchQueries({
      predicate: ({ queryKey: [name], state }) => (name === 'library' || name === 'view') && state.status === 'error',
    })
    follower.nudge()
  }, [isError, queryClient, follower])
  return { status: data ?? null, isOffline: isError }
}
