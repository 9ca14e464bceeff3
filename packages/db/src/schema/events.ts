import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, xid8 } from './columns.ts'

/** Facts, appended in the transaction that caused them. Per asset ordered by `seq`, per project by `(xid, id)`. */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
    projectId: uuid('project_id').notNull(),
    assetId: uuid('asset_id'),
    /** The asset's revision that the event brought about. */
    seq: integer('seq').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  table => [
    index('events_by_asset').on(table.assetId, table.seq),
    index('events_by_project').on(table.projectId, table.xid, table.id),
  ],
)

export type LoggedEvent = typeof events.$inferSelect
