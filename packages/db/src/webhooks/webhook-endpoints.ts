import { appError, MAX_WEBHOOKS } from '@darkroom/contracts'
import { and, asc, count, eq, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { readFeedWatermark } from '../events/event-feed.ts'
import { projects, type WebhookEndpoint, webhookEndpoints } from '../schema/index.ts'

/** @throws WEBHOOK_LIMIT; call it in a transaction, because it counts under a lock */
export async function insertWebhook(
  tx: Tx,
  endpoint: Pick<WebhookEndpoint, 'id' | 'projectId' | 'url' | 'description' | 'eventTypes' | 'secret'>,
): Promise<WebhookEndpoint> {
  const { projectId } = endpoint
  await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for('no key update')
  const [counted] = await tx
    .select({ endpoints: count() })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.projectId, projectId))
  if ((counted?.endpoints ?? 0) >= MAX_WEBHOOKS)
    throw appError('WEBHOOK_LIMIT', `A project can have at most ${MAX_WEBHOOKS} webhook endpoints. Delete one first.`)
  // What was complete before it was registered is none of its business.
  const cursorXid = await readFeedWatermark(tx)
  const [row] = await tx
    .insert(webhookEndpoints)
    .values({ ...endpoint, cursorXid })
    .returning()
  if (!row) throw new Error('an INSERT answers its row')
  return row
}

export const listWebhooks = (tx: Tx, projectId: string): Promise<WebhookEndpoint[]> =>
  tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.projectId, projectId)).orderBy(asc(webhookEndpoints.id))

const isThe = (projectId: string, id: string) =>
  and(eq(webhookEndpoints.projectId, projectId), eq(webhookEndpoints.id, id))

export async function findWebhook(tx: Tx, projectId: string, id: string): Promise<WebhookEndpoint | null> {
  const [row] = await tx.select().from(webhookEndpoints).where(isThe(projectId, id))
  return row ?? null
}

/**
 * Changes an endpoint. When it is enabled again or gets another URL, its failures are cleared; its position in the log
 * stays.
 */
export async function patchWebhook(
  tx: Tx,
  projectId: string,
  id: string,
  patch: Partial<Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>> & { enabled?: boolean },
): Promise<WebhookEndpoint | null> {
  const { enabled, ...columns } = patch
  const [row] = await tx
    .update(webhookEndpoints)
    .set({
      // An update sets something, also when nothing was asked for.
      id,
      ...columns,
      ...((enabled || columns.url !== undefined) && { failingSince: null, lastError: null }),
      ...(enabled === true && { disabledAt: null, disabledReason: null }),
      ...(enabled === false && {
        disabledAt: sql`coalesce(disabled_at, now())`,
        disabledReason: sql`coalesce(disabled_reason, 'owner')`,
      }),
    })
    .where(isThe(projectId, id))
    .returning()
  return row ?? null
}

/** Signs with the new secret from now on, and with the one before as well until the overlap is over. */
export async function rotateWebhookSecret(
  tx: Tx,
  projectId: string,
  id: string,
  { secret, overlapSec }: { secret: string; overlapSec: number },
): Promise<WebhookEndpoint | null> {
  const [row] = await tx
    .update(webhookEndpoints)
    .set({
      secret,
      previousSecret: sql`${webhookEndpoints.secret}`,
      previousSecretUntil: sql`now() + make_interval(secs => ${overlapSec})`,
    })
    .where(isThe(projectId, id))
    .returning()
  return row ?? null
}

/** Its deliveries go with it. */
export async function deleteWebhook(tx: Tx, projectId: string, id: string): Promise<boolean> {
  const rows = await tx.delete(webhookEndpoints).where(isThe(projectId, id)).returning({ id: webhookEndpoints.id })
  return rows.length > 0
}
