import { sql } from 'drizzle-orm'
import { index, integer, pgTable, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/** Projects that became private: how far their assets are on the way out of the public bucket. */
export const moves = pgTable(
  'moves',
  {
    projectId: uuid('project_id')
      .primaryKey()
      .references(() => projects.id),
    requestedAt: instant('requested_at').notNull().default(sql`now()`),
    /** The assets are walked in rounds, in the order of ids, until a round finds nothing. */
    roundStartedAt: instant('round_started_at').notNull().default(sql`now()`),
    /** The last asset that was looked at in this round; null before the first. */
    cursor: uuid('cursor'),
    /** Assets of this round that have something in the public bucket. */
    found: integer('found').notNull().default(0),
    finishedAt: instant('finished_at'),
  },
  table => [index('moves_active').on(table.projectId).where(sql`finished_at IS NULL`)],
)

export type MoveRow = typeof moves.$inferSelect
