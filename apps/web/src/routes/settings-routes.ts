import { createRoute } from '@tanstack/react-router'
import { lazyPage } from './lazy-page.tsx'
import { rootRoute } from './root-route.ts'

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  staticData: { title: 'Settings' },
  component: lazyPage(() => import('../settings/settings-page.tsx')),
})

/** How this browser shows the page. */
export const settingsRoutes = [settingsRoute] as const
