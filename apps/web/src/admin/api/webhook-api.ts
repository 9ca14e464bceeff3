import type { DeliveryPage, Webhook, WebhookDelivery, WebhookWithSecret } from '@darkroom/contracts'
import { queryString } from './query-string.ts'
import type { Send, SendOnce } from './send.ts'

export type DeliveryStatus = WebhookDelivery['status']

export interface NewWebhook {
  url: string
  description: string
  /** Types of events; null is all of them. */
  events: string[] | null
}

interface DeliveryQuery {
  status: DeliveryStatus | undefined
  limit: number
  cursor: string | null
}

export function createWebhookApi(send: Send, sendOnce: SendOnce) {
  const one = (id: string) => `/v1/webhooks/${id}`
  return {
    listWebhooks: async () => (await send<{ items: Webhook[] }>('GET', '/v1/webhooks')).items,
    createWebhook: (body: NewWebhook) => sendOnce<WebhookWithSecret>('/v1/webhooks', body),
    switchWebhook: (id: string, enabled: boolean) => send<Webhook>('PATCH', one(id), { enabled }),
    deleteWebhook: (id: string) => send<undefined>('DELETE', one(id)),
    rotateWebhook: (id: string) => sendOnce<WebhookWithSecret>(`${one(id)}/rotate`),
    pingWebhook: (id: string) => sendOnce<WebhookDelivery>(`${one(id)}/test`),
    listDeliveries: (id: string, query: DeliveryQuery) =>
      send<DeliveryPage>('GET', `${one(id)}/deliveries?${queryString({ ...query })}`),
    redeliver: (id: string, deliveryId: string) =>
      sendOnce<WebhookDelivery>(`${one(id)}/deliveries/${deliveryId}/redeliver`),
    /** `after` is a UTC time, ISO 8601. */
    replayWebhook: (id: string, after: string) => sendOnce<{ redelivered: number }>(`${one(id)}/replay`, { after }),
  }
}
