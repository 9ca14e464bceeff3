import type { WebhookDelivery } from '@darkroom/contracts'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'

const PENDING_MS = 1500

/** Reads one delivery of an endpoint, often while it is under way. */
export const useDelivery = (webhookId: string, deliveryId: string) =>
  useAdminQuery<WebhookDelivery>({
    name: ['delivery', webhookId, deliveryId],
    read: darkroom => darkroom.webhooks.delivery(webhookId, deliveryId),
    everyMs: delivery => (delivery?.status === 'pending' ? PENDING_MS : REFRESH_MS * 2),
  })
