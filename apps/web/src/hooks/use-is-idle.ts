import { useEffect, useState } from 'react'

/** Safari has no `requestIdleCallback`. */
const FALLBACK_MS = 300

/** Tells whether the page has been painted and has nothing more urgent to do: for what is not needed before. */
export function useIsIdle(): boolean {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    const set = () => setIdle(true)
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(set, FALLBACK_MS)
      return () => clearTimeout(timer)
    }
    const handle = requestIdleCallback(set, { timeout: 1000 })
    return () => cancelIdleCallback(handle)
  }, [])
  return isIdle
}
