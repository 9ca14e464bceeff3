import { createRoute } from '@tanstack/react-router'
import { librarySearchOf } from '../library/search/library-search.ts'
import { UploadPage } from '../uploads/page/upload-page.tsx'
import { lazyPage } from './lazy-page.tsx'
import { textIn } from './plain-search.ts'
import { rootRoute } from './root-route.ts'

const uploadRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: UploadPage })

const libraryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/library',
  staticData: { title: 'Library', isFullWidth: true, needs: 'read' },
  validateSearch: librarySearchOf,
  component: lazyPage(() => import('../library/library-page.tsx')),
})

interface AssetSearch {
  /** Name of the variant that is looked at. */
  variant?: string
}

const assetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/assets/$assetId',
  staticData: { title: 'Asset', needs: 'read' },
  validateSearch: (search: Record<string, unknown>): AssetSearch => {
    const variant = textIn(search, 'variant')
    return variant === undefined ? {} : { variant }
  },
  component: lazyPage(() => import('../asset-page/asset-page.tsx')),
})

/** Uploading, and what was uploaded. */
export const fileRoutes = [uploadRoute, libraryRoute, assetRoute] as const
