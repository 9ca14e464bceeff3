import { createRoute } from '@tanstack/react-router'
import { lazyPage } from './lazy-page.tsx'
import { rootRoute } from './root-route.ts'

const presetsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/presets',
  staticData: { title: 'Presets', needs: 'read' },
  component: lazyPage(() => import('../admin/presets/presets-page.tsx')),
})

interface PresetSearch {
  /** The version that is shown, the newest without it. */
  version?: number
}

const presetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/presets/$name',
  staticData: { title: 'Presets', needs: 'read' },
  validateSearch: ({ version }: Record<string, unknown>): PresetSearch =>
    Number.isSafeInteger(Number(version)) && Number(version) > 0 ? { version: Number(version) } : {},
  component: lazyPage(() => import('../admin/presets/preset-page.tsx')),
})

const editorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/presets/$name/edit',
  staticData: { title: 'Edit preset', isFullWidth: true, needs: 'write' },
  component: lazyPage(() => import('../admin/presets/editor/editor-page.tsx')),
})

/** Which variants are made. */
export const presetRoutes = [presetsRoute, presetRoute, editorRoute] as const
