import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

export const projects = pgTable('projects', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** Jobs of the project that may be under way at once; null leaves it to the fair share. */
  maxConcurrency: integer('max_concurrency'),
  createdAt: instant('created_at').notNull().default(sql`now()`),
})

/** Keys of the API. Only the SHA-256 of a key is kept. A key without a project belongs to an operator. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').references(() => projects.id),
    /** The public part of the key, by which it is looked up. */
    shortId: text('short_id').notNull().unique(),
    hash: text('hash').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  table => [index('api_keys_project').on(table.projectId)],
)
