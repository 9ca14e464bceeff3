import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useServices } from './use-services.ts'

const OFFLINE_POLL_MS = 2000
const ONLINE_POLL_MS = 20_000
/** While files wait, for which somebody may have paused or resumed a queue. */
const WAITING_POLL_MS = 5000

/**
 * Reads what the service accepts, and whether it is there. Polls more often while it is not, and wakes everything else
 * when it is back. `inBackground` polls in a hidden tab as well, because files wait for the service; `isWaiting` while
 * any of them waits to be processed.
 */
export function useServiceStatus({ inBackground = false, isWaiting = false } = {}) {
  const { statusQuery, follower, queryClient } = useServices()
  const { data, isError } = useQuery({
    ...statusQuery,
    refetchInterval: query => {
      if (query.state.status === 'error') return OFFLINE_POLL_MS
      return isWaiting ? WAITING_POLL_MS : ONLINE_POLL_MS
    },
    refetchIntervalInBackground: inBackground,
  })
  useEffect(() => {
    if (isError) return
    void queryClient.refetchQueries({
      predicate: ({ queryKey: [name], state }) => (name === 'library' || name === 'view') && state.status === 'error',
    })
    follower.nudge()
  }, [isError, queryClient, follower])
  useEffect(() => {
    const check = () => void queryClient.prefetchQuery(statusQuery)
    window.addEventListener('online', check)
    window.addEventListener('offline', check)
    return () => {
      window.removeEventListener('online', check)
      window.removeEventListener('offline', check)
    }
  }, [queryClient, statusQuery])
  return { status: data ?? null, isOffline: isError }
}
