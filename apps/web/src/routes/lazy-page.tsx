import type { RouteComponent } from '@tanstack/react-router'
import { type ComponentType, use } from 'react'

/**
 * Returns the component of a route whose code is loaded when it is first wanted. Unlike the router's own, it never reloads
 * the page where that fails, because uploads go on around it; the next visit tries again.
 */
export function lazyPage(load: () => Promise<{ default: ComponentType }>): RouteComponent {
  let Page: ComponentType | null = null
  let loading: Promise<void> | null = null

  function preload(): Promise<void> {
    loading ??= load().then(
      module => {
        Page = module.default
      },
      error => {
        loading = null
        throw error
      },
    )
    return loading
  }
  // biome-ignore lint/correctness/noComponentHookFactories: it is called once for each route, when the module is loaded.
  function LazyPage() {
    if (!Page) use(preload())
    return Page && <Page />
  }
  return Object.assign(LazyPage, { preload })
}
