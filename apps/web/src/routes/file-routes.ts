import { createRoute } from '@tanstack/react-router'
import { UploadPage } from '../uploads/page/upload-page.tsx'
import { lazyPage } from './lazy-page.tsx'
import { rootRoute } from './root-route.ts'

const uploadRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: UploadPage })

const libraryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/library',
  staticData: { title: 'Library', isFullWidth: true },
  component: lazyPage(() => import('../library/library-page.tsx')),
})

const assetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/assets/$assetId',
  staticData: { title: 'Asset' },
  component: lazyPage(() => import('../assets/page/asset-page.tsx')),
})

/** Uploading, and what was uploaded. */
export const fileRoutes = [uploadRoute, libraryRoute, assetRoute] as const
