import { DeliveryPage, DeliveryQuery, WebhookDelivery } from '@darkroom/contracts'
import { attemptsOfDeliveries, findDelivery, listDeliveries, redeliver } from '@darkroom/db/webhooks'
import { validate as isUuid } from 'uuid'
import { presentDelivery } from '../../presenters/webhook.ts'
import { decodeCursor, toPage } from '../page.ts'
import { Id, IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { deliveryPath, enqueueDelivery } from './enqueue-delivery.ts'
import { webhookOf } from './webhook-of-request.ts'

const tags = ['Webhooks']

const DeliveryParams = IdParams.extend({ deliveryId: Id })

/** Lists the deliveries of an endpoint: what was sent, what it answered, and what waits. */
export const listDeliveriesRoute: Route = (app, { database, settings }) => {
  withZod(app).get(
    '/v1/webhooks/:id/deliveries',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listWebhookDeliveries',
        tags,
        summary: 'List deliveries to a webhook endpoint',
        description: 'Newest first. Settled deliveries are kept for 30 days.',
        params: IdParams,
        querystring: DeliveryQuery,
        response: { 200: DeliveryPage, ...problems },
      },
    },
    async request => {
      const { id: endpointId } = await webhookOf(database.db, request)
      const { status, limit, cursor } = request.query
      const query = { endpointId, status, limit: limit + 1, after: decodeCursor(cursor) }
      const { items, nextCursor } = toPage(await listDeliveries(database.db, query), limit, row => row.id)
      const attempts = await attemptsOfDeliveries(database.db, items)
      return { items: items.map(row => presentDelivery(settings, row, attempts.get(row.id))), nextCursor }
    },
  )
}

/** Returns one delivery: what was sent, and what every attempt came to. */
export const getDeliveryRoute: Route = (app, { database: { db }, settings }) => {
  withZod(app).get(
    '/v1/webhooks/:id/deliveries/:deliveryId',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getWebhookDelivery',
        tags,
        summary: 'Get a delivery to a webhook endpoint',
        description: 'The message as it was sent, and each attempt with the first 4 kB of its response.',
        params: DeliveryParams,
        response: { 200: WebhookDelivery, ...problems },
      },
    },
    async request => {
      const { deliveryId } = request.params
      const endpoint = await webhookOf(db, request)
      const row = isUuid(deliveryId) ? await findDelivery(db, endpoint.id, deliveryId) : null
      if (!row) return raise('NOT_FOUND')
      const attempts = await attemptsOfDeliveries(db, [row])
      return presentDelivery(settings, row, attempts.get(row.id))
    },
  )
}

/** Sends one message again. */
export const redeliverRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/webhooks/:id/deliveries/:deliveryId/redeliver',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'redeliverWebhook',
        tags,
        summary: 'Redeliver a webhook',
        description: 'Uses the same `webhook-id`, so that a receiver can detect duplicates.',
        params: DeliveryParams,
        response: { 202: WebhookDelivery, ...problems },
      },
    },
    async (request, reply) => {
      const { deliveryId } = request.params
      const delivery = await enqueueDelivery(deps, request, reply, async (tx, endpoint) =>
        isUuid(deliveryId) ? redeliver(tx, endpoint.id, deliveryId) : null,
      )
      return reply.code(202).header('location', deliveryPath(request, delivery)).send(delivery)
    },
  )
}
