import type { Answer, Body, Query } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'

export const webhookCalls = (client: ApiClient) => ({
  list: (options?: CallOptions): Promise<Answer<'listWebhooks'>> => read(client.GET('/v1/webhooks', init(options))),
  /** The answer has the secret, this once. */
  create: (body: Body<'createWebhook'>, options?: CallOptions): Promise<Answer<'createWebhook'>> =>
    read(client.POST('/v1/webhooks', { body, ...init(options) })),
  get: (id: string, options?: CallOptions): Promise<Answer<'getWebhook'>> =>
    read(client.GET('/v1/webhooks/{id}', { params: { path: { id } }, ...init(options) })),
  update: (id: string, body: Body<'updateWebhook'>, options?: CallOptions): Promise<Answer<'updateWebhook'>> =>
    read(client.PATCH('/v1/webhooks/{id}', { params: { path: { id } }, body, ...init(options) })),
  delete: (id: string, options?: CallOptions): Promise<undefined> =>
    read(client.DELETE('/v1/webhooks/{id}', { params: { path: { id } }, ...init(options) })),
  rotate: (id: string, options?: CallOptions): Promise<Answer<'rotateWebhookSecret'>> =>
    read(client.POST('/v1/webhooks/{id}/rotate', { params: { path: { id } }, ...init(options) })),
  deliveries: (
    id: string,
    query: Query<'listWebhookDeliveries'> = {},
    options?: CallOptions,
  ): Promise<Answer<'listWebhookDeliveries'>> =>
    read(client.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query }, ...init(options) })),
  delivery: (id: string, deliveryId: string, options?: CallOptions): Promise<Answer<'getWebhookDelivery'>> =>
    read(
      client.GET('/v1/webhooks/{id}/deliveries/{deliveryId}', {
        params: { path: { id, deliveryId } },
        ...init(options),
      }),
    ),
  redeliver: (id: string, deliveryId: string, options?: CallOptions): Promise<Answer<'redeliverWebhook'>> =>
    read(
      client.POST('/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver', {
        params: { path: { id, deliveryId } },
        ...init(options),
      }),
    ),
  /** Sends everything since then again. */
  replay: (id: string, body: Body<'replayWebhook'>, options?: CallOptions): Promise<Answer<'replayWebhook'>> =>
    read(client.POST('/v1/webhooks/{id}/replay', { params: { path: { id } }, body, ...init(options) })),
  test: (id: string, options?: CallOptions): Promise<Answer<'testWebhook'>> =>
    read(client.POST('/v1/webhooks/{id}/test', { params: { path: { id } }, ...init(options) })),
})

/** Makes the calls for the log of events. */
export const eventCalls = (client: ApiClient) => ({
  list: (query: Query<'listEvents'> = {}, options?: CallOptions): Promise<Answer<'listEvents'>> =>
    read(client.GET('/v1/events', { params: { query }, ...init(options) })),
})
