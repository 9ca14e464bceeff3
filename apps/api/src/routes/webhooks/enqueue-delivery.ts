import type { WebhookDelivery } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import {
  attemptsOfDeliveries,
  findDelivery,
  type WebhookDeliveryRow,
  type WebhookEndpoint,
} from '@darkroom/db/webhooks'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentDelivery } from '../../presenters/webhook.ts'
import { raise } from '../route.ts'
import { enabledWebhookOf, webhookOf } from './webhook-of-request.ts'

/**
 * Enqueues a delivery once, for the endpoint of the path. A repetition of the request returns its current state,
 * also when the endpoint was disabled meanwhile.
 * @throws NOT_FOUND, WEBHOOK_DISABLED
 */
export async function enqueueDelivery(
  deps: ApiDeps,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  enqueue: (tx: Tx, endpoint: WebhookEndpoint) => Promise<WebhookDeliveryRow | null>,
): Promise<WebhookDelivery> {
  const { db } = deps.database
  const row = await idempotent<WebhookDeliveryRow>(deps, request, reply, {
    perform: commit =>
      commit(async tx => (await enqueue(tx, await enabledWebhookOf(tx, request))) ?? raise('NOT_FOUND')),
    outcomeOf: delivery => delivery.id,
    recall: async id => (await findDelivery(db, (await webhookOf(db, request)).id, id)) ?? raise('NOT_FOUND'),
  })
  const attempts = await attemptsOfDeliveries(db, [row])
  return presentDelivery(deps.settings, row, attempts.get(row.id))
}

/** Returns the path of a delivery. */
export const deliveryPath = (
  { params }: FastifyRequest<{ Params: { id: string } }>,
  { id }: Pick<WebhookDelivery, 'id'>,
): string => `/v1/webhooks/${params.id}/deliveries/${id}`
