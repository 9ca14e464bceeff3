import { useMemo, useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  return () => window.removeEventListener('popstate', listener)
}

const hrefNow = () => window.location.pathname + window.location.search

/** Where the page is; renders again whenever that changes, by `navigate` or by the browser's own buttons. */
export function useLocation(): URL {
  const href = useSyncExternalStore(subscribe, hrefNow)
  return useMemo(() => new URL(href, window.location.origin), [href])
}

/** Goes to another place of the page without loading it anew; `replace` leaves no entry to go back to. */
export function navigate(href: string, { replace = false } = {}): void {
  const isOtherPage = new URL(href, window.location.href).pathname !== window.location.pathname
  if (replace) window.history.replaceState(null, '', href)
  else window.history.pushState(null, '', href)
  if (isOtherPage) window.scrollTo(0, 0)
  // The browser tells of its own steps only, and listeners should not need to tell the two apart.
  window.dispatchEvent(new PopStateEvent('popstate'))
}
