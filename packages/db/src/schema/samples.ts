import { sql } from 'drizzle-orm'
import {
  bigint,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** What no other row remembers: how it was in each minute. Kept for 30 days. */
export const minuteSamples = pgTable('minute_samples', {
  minute: instant('minute').primaryKey(),
  queued: integer('queued').notNull(),
  running: integer('running').notNull(),
  /** Of the oldest job that is due, in seconds; 0 when none waits. */
  oldestWaitingSec: doublePrecision('oldest_waiting_sec').notNull(),
  databaseMs: doublePrecision('database_ms').notNull(),
  /** Null when the store did not answer. */
  storeMs: doublePrecision('store_ms'),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  objects: bigint('objects', { mode: 'number' }).notNull(),
  workers: integer('workers').notNull(),
  /** The largest of any worker, per processor; null when none says it. */
  load: doublePrecision('load'),
  /** The largest share of memory in use of any worker. */
  memory: doublePrecision('memory'),
})

/** What a project had at the end of a day, for days on which that changed. */
export const usageDays = pgTable(
  'usage_days',
  {
    projectId: uuid('project_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    objects: bigint('objects', { mode: 'number' }).notNull(),
  },
  table => [
    primaryKey({ name: 'usage_days_pkey', columns: [table.projectId, table.day] }),
    index('usage_days_by_day').on(table.day),
  ],
)

/** What the last comparison of rows and store found; one row. */
export const orphanReports = pgTable('orphan_reports', {
  id: integer('id').primaryKey().default(1),
  finishedAt: instant('finished_at').notNull().default(sql`now()`),
  counts: jsonb('counts').$type<Record<string, number>>().notNull(),
  examples: jsonb('examples').$type<OrphanExample[]>().notNull(),
})

export interface OrphanExample {
  type: string
  bucket: string
  key: string
  assetId: string | null
}

/** A variant that somebody wants to see before it is in a preset. Gone with the answer, or a minute later. */
export const presetPreviews = pgTable('preset_previews', {
  id: uuid('id').primaryKey(),
  projectId: uuid('project_id').notNull(),
  assetId: uuid('asset_id').notNull(),
  definition: jsonb('definition').$type<Record<string, unknown>>().notNull(),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  /** When a worker began it. */
  takenAt: instant('taken_at'),
  finishedAt: instant('finished_at'),
  /** Base64 of the file. */
  body: text('body'),
  contentType: text('content_type'),
  width: integer('width'),
  height: integer('height'),
  error: jsonb('error').$type<{ code: string; message: string }>(),
})

export type PresetPreviewRow = typeof presetPreviews.$inferSelect
