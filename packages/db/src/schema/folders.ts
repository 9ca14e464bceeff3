import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytewise } from './columns.ts'

/** How many assets lie in each folder and below, up to the changes that are still in `folder_deltas`. */
export const folderTotals = pgTable(
  'folder_totals',
  {
    projectId: uuid('project_id').notNull(),
    /** Path of the folder above; empty at the top. */
    parent: bytewise('parent').notNull(),
    name: bytewise('name').notNull(),
    assets: bigint('assets', { mode: 'number' }).notNull(),
  },
  table => [
    primaryKey({ name: 'folder_totals_pkey', columns: [table.projectId, table.parent, table.name] }),
    index('folder_totals_empty').on(table.projectId).where(sql`assets = 0`),
  ],
)

/**
 * Assets that came into a folder or left it, appended by triggers on `assets` in the transaction that causes it, and folded
 * into `folder_totals` by maintenance: no two transactions of a project wait for one row.
 */
export const folderDeltas = pgTable(
  'folder_deltas',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    projectId: uuid('project_id').notNull(),
    folder: text('folder').notNull(),
    assets: integer('assets').notNull(),
  },
  table => [index('folder_deltas_by_project').on(table.projectId)],
)
