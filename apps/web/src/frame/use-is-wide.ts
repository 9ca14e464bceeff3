import { useSyncExternalStore } from 'react'

/** As wide as Tailwind's `md`: below it, the rail would take the room of the page. */
const WIDE = '(min-width: 48rem)'

const subscribe = (listener: () => void) => {
  const query = window.matchMedia(WIDE)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Tells whether the window has room for the rail. */
export const useIsWide = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(WIDE).matches)
