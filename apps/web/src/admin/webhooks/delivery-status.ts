import type { WebhookDelivery } from '@darkroom/contracts'

export type DeliveryStatus = WebhookDelivery['status']

/** What is shown for each state of a delivery. */
export const DELIVERY_STATUSES: Record<DeliveryStatus, string> = {
  pending: 'Pending',
  delivered: 'Delivered',
  failed: 'Failed',
}
