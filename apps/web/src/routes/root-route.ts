import { createRootRoute } from '@tanstack/react-router'
import { Frame } from '../frame/frame.tsx'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** In the title of the tab, before the name of the product. */
    title?: string
    /** Uses all of a wide window: grids, charts. */
    isFullWidth?: boolean
  }
}

export const rootRoute = createRootRoute({ component: Frame })
