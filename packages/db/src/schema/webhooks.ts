import type { ResourceError } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, xid8 } from './columns.ts'
import { projects } from './projects.ts'

/** Where a project wants to be told of its events, and how far in the log its deliveries have been made. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    url: text('url').notNull(),
    description: text('description').notNull(),
    /** Null is every type. */
    eventTypes: text('event_types').array(),
    /** Sealed: see `@darkroom/webhooks`. */
    secret: text('secret').notNull(),
    previousSecret: text('previous_secret'),
    previousSecretUntil: instant('previous_secret_until'),
    disabledAt: instant('disabled_at'),
    disabledReason: text('disabled_reason', { enum: ['owner', 'gone', 'failing'] }),
    /** Of the first failure since the last success. */
    failingSince: instant('failing_since'),
    lastError: jsonb('last_error').$type<ResourceError>(),
    /** Every event up to here has its delivery. */
    cursorXid: xid8('cursor_xid').notNull().default(sql`pg_snapshot_xmin(pg_current_snapshot())`),
    cursorId: bigint('cursor_id', { mode: 'number' }).notNull().default(0),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  table => [index('webhook_endpoints_by_project').on(table.projectId)],
)

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect

/** One message for one endpoint; its id is the `webhook-id` of every attempt. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    /** Null for a ping, which is no event of the log. */
    eventId: bigint('event_id', { mode: 'number' }),
    type: text('type').notNull(),
    /** The very bytes that are signed and sent, at every attempt. */
    body: text('body').notNull(),
    status: text('status', { enum: ['pending', 'delivered', 'failed'] })
      .notNull()
      .default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** Since it was made, or last sent again by hand: its place in the schedule of retries. */
    failures: integer('failures').notNull().default(0),
    /** While somebody sends it, when they are taken for dead. */
    nextAttemptAt: instant('next_attempt_at').notNull().default(sql`now()`),
    /** Of who sends it. */
    leaseToken: uuid('lease_token'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    settledAt: instant('settled_at'),
  },
  table => [
    uniqueIndex('webhook_deliveries_once').on(table.endpointId, table.eventId),
    index('webhook_deliveries_by_status').on(table.endpointId, table.status, table.id),
    index('webhook_deliveries_due').on(table.endpointId, table.nextAttemptAt).where(sql`status = 'pending'`),
    index('webhook_deliveries_under_way').on(table.endpointId).where(sql`lease_token IS NOT NULL`),
    index('webhook_deliveries_settled').on(table.settledAt).where(sql`settled_at IS NOT NULL`),
  ],
)

export type WebhookDeliveryRow = typeof webhookDeliveries.$inferSelect

/** What came of each time that a delivery was sent. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    id: uuid('id').primaryKey(),
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => webhookDeliveries.id, { onDelete: 'cascade' }),
    attempt: integer('attempt').notNull(),
    startedAt: instant('started_at').notNull(),
    durationMs: integer('duration_ms').notNull(),
    status: integer('status'),
    answer: text('answer'),
    error: jsonb('error').$type<ResourceError>(),
  },
  table => [uniqueIndex('webhook_attempts_of_delivery').on(table.deliveryId, table.attempt)],
)

export type WebhookAttemptRow = typeof webhookAttempts.$inferSelect
