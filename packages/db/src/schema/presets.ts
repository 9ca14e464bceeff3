import type { PresetDefinition } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/** Immutable versions. A preset without a project is built in and open to all. */
export const presets = pgTable(
  'presets',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').references(() => projects.id),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    definition: jsonb('definition').$type<PresetDefinition>().notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  table => [
    // Not NULLS NOT DISTINCT, which needs Postgres 15.
    uniqueIndex('presets_name_version').on(
      sql`coalesce(${table.projectId}, '00000000-0000-0000-0000-000000000000')`,
      table.name,
      table.version,
    ),
  ],
)

export type Preset = typeof presets.$inferSelect
