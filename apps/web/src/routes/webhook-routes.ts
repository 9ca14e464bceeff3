import { createRoute } from '@tanstack/react-router'
import { DELIVERY_STATUSES, type DeliveryStatus } from '../admin/webhooks/delivery-status.ts'
import { lazyPage } from './lazy-page.tsx'
import { choiceIn } from './plain-search.ts'
import { rootRoute } from './root-route.ts'

const webhooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks',
  staticData: { title: 'Webhooks', needs: 'read' },
  component: lazyPage(() => import('../admin/webhooks/webhooks-page.tsx')),
})

interface DeliverySearch {
  /** Only deliveries in this state. */
  status?: DeliveryStatus
}

const webhookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks/$webhookId',
  staticData: { title: 'Webhooks', needs: 'read' },
  validateSearch: (search: Record<string, unknown>): DeliverySearch => {
    const status = choiceIn(search, 'status', DELIVERY_STATUSES)
    return status ? { status } : {}
  },
  component: lazyPage(() => import('../admin/webhooks/webhook-page.tsx')),
})

const deliveryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks/$webhookId/deliveries/$deliveryId',
  staticData: { title: 'Delivery' },
  component: lazyPage(() => import('../admin/webhooks/delivery-page.tsx')),
})

/** Who is told of what happens. */
export const webhookRoutes = [webhooksRoute, webhookRoute, deliveryRoute] as const
