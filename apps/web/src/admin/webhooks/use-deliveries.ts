import type { WebhookDelivery } from '@darkroom/contracts'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'
import type { DeliveryStatus } from './delivery-status.ts'

const PAGE_SIZE = 25
const PENDING_MS = 1500

/** Reads the deliveries of an endpoint, the newest first. */
export const useDeliveries = (webhookId: string, status: DeliveryStatus | undefined) =>
  useAdminPages<WebhookDelivery>({
    name: ['deliveries', webhookId, status],
    read: (darkroom, start) =>
      darkroom.webhooks.deliveries(webhookId, { ...start, ...(status && { status }), limit: PAGE_SIZE }),
    everyMs: items => (items.some(each => each.status === 'pending') ? PENDING_MS : REFRESH_MS),
    keyOf: delivery => delivery.id,
  })
