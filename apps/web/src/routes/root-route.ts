import { createRootRoute } from '@tanstack/react-router'
import { Frame } from '../frame/frame.tsx'
import type { Need } from '../session/key-access.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** In the title of the tab, before the name of the product. */
    title?: string
    /** Uses all of a wide window: grids, charts. */
    isFullWidth?: boolean
    /** What the key has to be allowed to, for anything to be there. */
    needs?: Need
  }
}

export const rootRoute = createRootRoute({ component: Frame })
