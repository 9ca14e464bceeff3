import type { HistoryRange } from '@darkroom/contracts'
import { createRoute } from '@tanstack/react-router'
import { auditSearchOf } from '../admin/audit/audit-search.ts'
import { RANGES } from '../admin/charts/history-range.ts'
import { filterOf, type JobSearch, searchOf } from '../admin/filter/job-filter.ts'
import { lazyPage } from './lazy-page.tsx'
import { choiceIn } from './plain-search.ts'
import { rootRoute } from './root-route.ts'

const validateSearch = (search: Record<string, unknown>) => searchOf(filterOf(search))

interface ChartSearch {
  /** How far back the charts go, an hour without it. */
  range?: HistoryRange
}

const withRange = (search: Record<string, unknown>): JobSearch & ChartSearch => {
  const range = choiceIn(search, 'range', RANGES)
  return { ...validateSearch(search), ...(range && range !== '1h' && { range }) }
}

const operationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations',
  staticData: { title: 'Operations', needs: 'admin' },
  validateSearch: withRange,
  component: lazyPage(() => import('../admin/list-page.tsx')),
})

const explanationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations/assets/$assetId',
  staticData: { title: 'Operations', needs: 'admin' },
  validateSearch,
  component: lazyPage(() => import('../admin/explain/explain-page.tsx')),
})

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operations/audit',
  staticData: { title: 'Audit log', needs: 'admin' },
  validateSearch: auditSearchOf,
  component: lazyPage(() => import('../admin/audit/audit-page.tsx')),
})

/** What is going on, and why. */
export const operationsRoutes = [operationsRoute, explanationRoute, auditRoute] as const
