import { PING, WebhookDelivery, WebhookReplay, WebhookReplayed } from '@darkroom/contracts'
import { positionBefore } from '@darkroom/db/events'
import { insertPing, replayDeliveries } from '@darkroom/db/webhooks'
import { z } from 'zod'
import { idempotent } from '../../idempotency/idempotent.ts'
import { decodeFeedCursor } from '../events/feed-cursor.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { deliveryPath, enqueueDelivery } from './enqueue-delivery.ts'
import { enabledWebhookOf } from './webhook-of-request.ts'

const tags = ['Webhooks']

const isTime = (text: string): boolean => z.iso.datetime({ offset: true }).safeParse(text).success

/** Sends everything since a moment again, for a receiver that lost what it had. */
export const replayWebhookRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/webhooks/:id/replay',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'replayWebhook',
        tags,
        summary: 'Replay webhooks',
        description:
          'Sends all events since a time or cursor again, also those from before the endpoint was created. Each message keeps its `webhook-id`.',
        params: IdParams,
        body: WebhookReplay,
        response: { 202: WebhookReplayed, ...problems },
      },
    },
    async (request, reply) => {
      const { after } = request.body
      const { projectId } = request.principal
      const redelivered = await idempotent<number, number>(deps, request, reply, {
        perform: commit =>
          commit(async tx => {
            const endpoint = await enabledWebhookOf(tx, request)
            const moment = isTime(after)
              ? await positionBefore(tx, projectId, new Date(after))
              : decodeFeedCursor(after, deps.settings.secret)
            return replayDeliveries(tx, endpoint, moment)
          }),
        outcomeOf: inLine => inLine,
        recall: async inLine => inLine,
      })
      return reply.code(202).send({ redelivered })
    },
  )
}

/** Sends a message that means nothing, to see whether it arrives. */
export const testWebhookRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/webhooks/:id/test',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'testWebhook',
        tags,
        summary: 'Send a test message to a webhook endpoint',
        description:
          'Sends a `webhook.ping`, signed and retried like any other message. See the result in the deliveries.',
        params: IdParams,
        response: { 202: WebhookDelivery, ...problems },
      },
    },
    async (request, reply) => {
      const delivery = await enqueueDelivery(deps, request, reply, (tx, endpoint) => {
        const message = { type: PING, timestamp: deps.clock.now().toISOString(), data: { webhookId: endpoint.id } }
        return insertPing(tx, endpoint, { type: PING, body: JSON.stringify(message) })
      })
      return reply.code(202).header('location', deliveryPath(request, delivery)).send(delivery)
    },
  )
}
