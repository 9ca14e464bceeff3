import { useEffect } from 'react'
import { useServices } from './use-services.ts'

/** Follows unsettled assets for as long as the page is open; a hidden tab asks nothing, and asks at once when it is back. */
export function useAssetFollower(): void {
  const { follower, keys } = useServices()
  useEffect(() => {
    const stop = follower.start()
    const unsubscribe = keys.subscribe(follower.nudge)
    document.addEventListener('visibilitychange', follower.nudge)
    return () => {
      stop()
      unsubscribe()
      document.removeEventListener('visibilitychange', follower.nudge)
    }
  }, [follower, keys])
}
