import { bigint, pgTable, uuid } from 'drizzle-orm/pg-core'
import { xid8 } from './columns.ts'

/** How far in a project's log the manifests beside its originals have been brought up to date. */
export const lineageCursors = pgTable('lineage_cursors', {
  projectId: uuid('project_id').primaryKey(),
  xid: xid8('xid').notNull(),
  id: bigint('id', { mode: 'number' }).notNull(),
})
