import { appError } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { findWebhook, type WebhookEndpoint } from '@darkroom/db/webhooks'
import type { FastifyRequest } from 'fastify'
import { idOf } from '../route.ts'

/** Finds the endpoint of the path. @throws NOT_FOUND when the project has none with this id */
export async function webhookOf(tx: Tx, request: FastifyRequest<{ Params: { id: string } }>): Promise<WebhookEndpoint> {
  const endpoint = await findWebhook(tx, request.principal.projectId, idOf(request))
  if (!endpoint) throw appError('NOT_FOUND')
  return endpoint
}

/** Finds the endpoint in the same way, if it is enabled. @throws WEBHOOK_DISABLED as well */
export async function enabledWebhookOf(...args: Parameters<typeof webhookOf>): Promise<WebhookEndpoint> {
  const endpoint = await webhookOf(...args)
  if (endpoint.disabledAt) throw appError('WEBHOOK_DISABLED')
  return endpoint
}
