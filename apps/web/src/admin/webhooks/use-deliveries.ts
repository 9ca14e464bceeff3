import { REFRESH_MS } from '../../ui/refresh.ts'
import type { DeliveryStatus } from '../api/webhook-api.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'

const PAGE_SIZE = 25
const PENDING_MS = 1500

/** Reads the deliveries of an endpoint, the newest first. */
export const useDeliveries = (webhookId: string, status: DeliveryStatus | undefined) =>
  useAdminPages({
    name: ['deliveries', webhookId, status],
    read: (api, cursor) => api.listDeliveries(webhookId, { status, limit: PAGE_SIZE, cursor }),
    everyMs: items => (items.some(each => each.status === 'pending') ? PENDING_MS : REFRESH_MS),
    keyOf: delivery => delivery.id,
  })
