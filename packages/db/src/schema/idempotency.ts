import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * Requests that carried an `Idempotency-Key`. A row without `completed_at` is a claim: somebody is at it, and for as long
 * as the claim is young nobody else may be.
 */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The zero id stands for operators, who have no project. */
    projectId: uuid('project_id').notNull(),
    /** Method and path, ids included. */
    route: text('route').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of query and body. */
    fingerprint: text('fingerprint').notNull(),
    claimToken: uuid('claim_token').notNull(),
    claimedAt: instant('claimed_at').notNull().default(sql`now()`),
    completedAt: instant('completed_at'),
    /** What the answer is rendered from when the request comes again: ids, never a secret. */
    outcome: jsonb('outcome').$type<unknown>(),
  },
  table => [
    primaryKey({ columns: [table.projectId, table.route, table.key] }),
    index('idempotency_keys_by_age').on(table.claimedAt),
  ],
)
