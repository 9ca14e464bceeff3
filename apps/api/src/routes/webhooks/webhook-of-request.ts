import { appError } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { findWebhook, type WebhookEndpoint } from '@darkroom/db/webhooks'
import type { FastifyRequest } from 'fastify'
import { idOf } from '../route.ts'

/** The endpoint of the path. @throws NOT_FOUND when the project has none with this id */
export async function webhookOf(tx: Tx, request: FastifyRequest<{ Params: { id: string } }>): Promise<WebhookEndpoint> {
  const endpoint = await findWebhook(tx, request.principal.projectId, idOf(request))
  if (!endpoint) throw appError('NOT_FOUND')
  return endpoint
}

/** As `webhookOf`. @throws WEBHOOK_DISABLED when nothing would be sent to it */
export async function enabledWebhookOf(...args: Parameters<typeof webhookOf>): Promise<WebhookEndpoint> {
  const endpoint = await webhookOf(...args)
  if (endpoint.disabledAt) throw appError('WEBHOOK_DISABLED')
  return endpoint
}
