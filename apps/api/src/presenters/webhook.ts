import type { Webhook, WebhookDelivery } from '@darkroom/contracts'
import type { WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpoint } from '@darkroom/db/webhooks'
import { webhookIdOf } from '@darkroom/webhooks'
import type { ApiSettings } from '../deps.ts'

export const presentWebhook = (row: WebhookEndpoint, now: Date): Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.eventTypes,
  enabled: row.disabledAt === null,
  disabledReason: row.disabledReason,
  disabledAt: row.disabledAt?.toISOString() ?? null,
  failingSince: row.failingSince?.toISOString() ?? null,
  lastError: row.lastError,
  previousSecretExpiresAt:
    row.previousSecretUntil && row.previousSecretUntil > now ? row.previousSecretUntil.toISOString() : null,
  createdAt: row.createdAt.toISOString(),
})

export const presentDelivery = (
  { secret }: Pick<ApiSettings, 'secret'>,
  row: WebhookDeliveryRow,
  attempts: WebhookAttemptRow[] = [],
): WebhookDelivery => ({
  id: row.id,
  messageId: webhookIdOf(row, secret),
  type: row.type,
  status: row.status,
  message: JSON.parse(row.body),
  attempts: attempts.map(({ id, deliveryId, startedAt, ...attempt }) => ({
    ...attempt,
    startedAt: startedAt.toISOString(),
  })),
  nextAttemptAt: row.status === 'pending' ? row.nextAttemptAt.toISOString() : null,
  createdAt: row.createdAt.toISOString(),
  settledAt: row.settledAt?.toISOString() ?? null,
})
