import { createRoute } from '@tanstack/react-router'
import { filterOf, searchOf } from '../admin/filter/job-filter.ts'
import { lazyPage } from './lazy-page.tsx'
import { rootRoute } from './root-route.ts'

const validateSearch = (search: Record<string, unknown>) => searchOf(filterOf(search))

const operationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations',
  staticData: { title: 'Operations' },
  validateSearch,
  component: lazyPage(() => import('../admin/list-page.tsx')),
})

const explanationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations/assets/$assetId',
  staticData: { title: 'Operations' },
  validateSearch,
  component: lazyPage(() => import('../admin/explain/explain-page.tsx')),
})

/** What is going on, and why. */
export const operationsRoutes = [operationsRoute, explanationRoute] as const
