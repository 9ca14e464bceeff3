import { useMemo } from 'react'
import { navigate as goTo, useLocationProperty } from 'wouter/use-browser-location'

const hrefNow = () => window.location.pathname + window.location.search

/** Returns the current URL; renders again whenever it changes, by `navigate` or by the browser's buttons. */
export function useLocation(): URL {
  const href = useLocationProperty(hrefNow)
  return useMemo(() => new URL(href, window.location.origin), [href])
}

/** Goes to another place of the page without loading it anew; `replace` leaves no entry to go back to. */
export function navigate(href: string, { replace = false } = {}): void {
  const isOtherPage = new URL(href, window.location.href).pathname !== window.location.pathname
  goTo(href, { replace })
  if (isOtherPage) window.scrollTo(0, 0)
}

/** Navigates for wouter's `Link` as `navigate` does. */
export const useRouterLocation = (): [string, typeof navigate] => [useLocationProperty(hrefNow), navigate]
