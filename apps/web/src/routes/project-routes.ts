import { createRoute } from '@tanstack/react-router'
import { lazyPage } from './lazy-page.tsx'
import { rootRoute } from './root-route.ts'

const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects',
  staticData: { title: 'Projects', needs: 'admin' },
  component: lazyPage(() => import('../admin/projects/projects-page.tsx')),
})

const keysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/keys',
  staticData: { title: 'Keys', needs: 'admin' },
  component: lazyPage(() => import('../admin/keys/keys-page.tsx')),
})

const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$projectId',
  staticData: { title: 'Projects', needs: 'admin' },
  component: lazyPage(() => import('../admin/projects/project-page.tsx')),
})

/** Tenants, and the keys with which they are reached. */
export const projectRoutes = [projectsRoute, keysRoute, projectRoute] as const
