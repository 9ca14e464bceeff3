import { createRouter } from '@tanstack/react-router'
import { NotFound } from '../ui/not-found.tsx'
import { PartError } from '../ui/part-error.tsx'
import { fileRoutes } from './file-routes.ts'
import { formerRoutes } from './former-routes.ts'
import { operationsRoutes } from './operations-routes.ts'
import { parsePlainSearch, stringifyPlainSearch } from './plain-search.ts'
import { presetRoutes } from './preset-routes.ts'
import { projectRoutes } from './project-routes.ts'
import { rootRoute } from './root-route.ts'
import { settingsRoutes } from './settings-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

const routeTree = rootRoute.addChildren([
  ...fileRoutes,
  ...operationsRoutes,
  ...presetRoutes,
  ...webhookRoutes,
  ...projectRoutes,
  ...settingsRoutes,
  ...formerRoutes,
])

/** Returns the router of the page. The code of a page is loaded as soon as somebody points at its link. */
export const createPageRouter = () =>
  createRouter({
    routeTree,
    parseSearch: parsePlainSearch,
    stringifySearch: stringifyPlainSearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PartError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>
  }
}
