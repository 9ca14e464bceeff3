import { PING, WebhookDelivery, WebhookReplay, WebhookReplayed } from '@darkroom/contracts'
import { insertPing, positionBefore, replayDeliveries } from '@darkroom/db'
import { z } from 'zod'
import { presentDelivery } from '../../presenters/webhook.ts'
import { decodeFeedCursor } from '../events/feed-cursor.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { enabledWebhookOf } from './webhook-of-request.ts'

const tags = ['Webhooks']

const isTime = (text: string): boolean => z.iso.datetime({ offset: true }).safeParse(text).success

/** Sends everything since a moment again, for a receiver that lost what it had. */
export const replayWebhookRoute: Route = (app, { database }) => {
  withZod(app).post(
    '/v1/webhooks/:id/replay',
    {
      onRequest: app.requireScope('write'),
      schema: {
        tags,
        summary: 'Send everything since a moment again',
        description:
          'Every message keeps its `webhook-id`. Events from before the endpoint was registered come as well.',
        params: IdParams,
        body: WebhookReplay,
        response: { 202: WebhookReplayed, ...problems },
      },
    },
    async (request, reply) => {
      const { after } = request.body
      const { projectId } = request.principal
      const endpoint = await enabledWebhookOf(database.db, request)
      const redelivered = await database.db.transaction(async tx => {
        const position = isTime(after) ? await positionBefore(tx, projectId, new Date(after)) : decodeFeedCursor(after)
        return replayDeliveries(tx, endpoint, position)
      })
      return reply.code(202).send({ redelivered })
    },
  )
}

/** Sends a message that means nothing, to see whether it arrives. */
export const testWebhookRoute: Route = (app, { database, clock }) => {
  withZod(app).post(
    '/v1/webhooks/:id/test',
    {
      onRequest: app.requireScope('write'),
      schema: {
        tags,
        summary: 'Send a ping to a webhook endpoint',
        description: 'Signed, sent and tried again as every other message. Look at the deliveries for what came of it.',
        params: IdParams,
        response: { 202: WebhookDelivery, ...problems },
      },
    },
    async (request, reply) => {
      const endpoint = await enabledWebhookOf(database.db, request)
      const data = { webhookId: endpoint.id }
      const body = JSON.stringify({ type: PING, timestamp: clock.now().toISOString(), data })
      return reply.code(202).send(presentDelivery(await insertPing(database.db, endpoint, { type: PING, body })))
    },
  )
}
