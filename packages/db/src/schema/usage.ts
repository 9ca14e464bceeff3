import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

const amounts = {
  /** Of live objects. */
  bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
  objects: bigint('objects', { mode: 'number' }).notNull().default(0),
  /** Of uploads that are neither confirmed nor given up: what they declared. */
  openBytes: bigint('open_bytes', { mode: 'number' }).notNull().default(0),
  openUploads: bigint('open_uploads', { mode: 'number' }).notNull().default(0),
}

/** What a project has, up to the changes that are still in `usage_deltas`. */
export const usageTotals = pgTable('usage_totals', { projectId: uuid('project_id').primaryKey(), ...amounts })

/**
 * Changes to a project's usage, appended by triggers on `objects` and `uploads` in the transaction that causes them, and
 * folded into `usage_totals` by maintenance: no two transactions of a project wait for one row.
 */
export const usageDeltas = pgTable(
  'usage_deltas',
  { id: bigserial('id', { mode: 'number' }).primaryKey(), projectId: uuid('project_id').notNull(), ...amounts },
  table => [index('usage_deltas_by_project').on(table.projectId)],
)

/** Requests in the current minute, by project or by the asset of a client token. Unlogged: a crash forgets a minute. */
export const rateWindows = pgTable('rate_windows', {
  subject: text('subject').primaryKey(),
  startedAt: instant('started_at').notNull().default(sql`now()`),
  count: integer('count').notNull(),
})
