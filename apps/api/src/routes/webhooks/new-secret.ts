import type { WebhookWithSecret } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { findWebhook, type WebhookEndpoint } from '@darkroom/db/webhooks'
import { newSecret, sealSecret } from '@darkroom/webhooks'
import type { ApiDeps } from '../../deps.ts'
import type { Work } from '../../idempotency/idempotent.ts'
import { presentWebhook } from '../../presenters/webhook.ts'
import { raise } from '../route.ts'

interface WithSecret {
  row: WebhookEndpoint
  /** Null when it was made by an earlier request: it is shown once. */
  secret: string | null
}

/** Gives an endpoint a secret once. Whoever repeats the request is told of the same endpoint, without it. */
export function newSecretWork(
  { database, settings }: ApiDeps,
  { id: endpointId, projectId }: Pick<WebhookEndpoint, 'id' | 'projectId'>,
  keep: (tx: Tx, sealed: string) => Promise<WebhookEndpoint | null>,
): Work<WithSecret, string> {
  const secret = newSecret()
  const sealed = sealSecret(secret, { endpointId, key: settings.secret })
  return {
    perform: commit => commit(async tx => ({ row: (await keep(tx, sealed)) ?? raise('NOT_FOUND'), secret })),
    outcomeOf: ({ row }) => row.id,
    recall: async id => ({
      row: (await findWebhook(database.db, projectId, id)) ?? raise('NOT_FOUND'),
      secret: null,
    }),
  }
}

export const presentNewSecret = ({ row, secret }: WithSecret, now: Date): WebhookWithSecret => ({
  ...presentWebhook(row, now),
  secret,
})
