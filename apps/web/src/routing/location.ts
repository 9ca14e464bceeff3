import { useMemo } from 'react'
import { navigate as goTo, useLocationProperty } from 'wouter/use-browser-location'

const hrefNow = () => window.location.pathname + window.location.search

/** Where the page is; renders again whenever that changes, by `navigate` or by the browser's own buttons. */
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

/** How wouter's `Link` goes to a place: as `navigate` does. */
export const useRouterLocation = (): [string, typeof navigate] => [useLocationProperty(hrefNow), navigate]
