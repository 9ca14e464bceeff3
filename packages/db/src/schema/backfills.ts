import { BACKFILL_OUTCOMES, BACKFILL_STATUSES, type BackfillFilter, type SkipReason } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { assets } from './assets.ts'
import { instant } from './columns.ts'
import { jobs } from './jobs.ts'
import { presets } from './presets.ts'
import { projects } from './projects.ts'

/** A preset version that is applied to the assets there are: where it is in the library, and what came of it. */
export const backfills = pgTable(
  'backfills',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    presetId: uuid('preset_id')
      .notNull()
      .references(() => presets.id),
    filter: jsonb('filter').$type<BackfillFilter>().notNull(),
    status: text('status', { enum: BACKFILL_STATUSES }).notNull().default('running'),
    /** Why it is paused, for a person. */
    reason: text('reason'),
    pausedBy: text('paused_by', { enum: ['person', 'canary'] }),
    /** This many assets are done and judged before the rest; 0 for none. */
    canary: integer('canary').notNull(),
    canaryPassedAt: instant('canary_passed_at'),
    ratePerMinute: integer('rate_per_minute'),
    /** When the rate allows the next job. */
    pacedAt: instant('paced_at').notNull().default(sql`now()`),
    /** The last asset that was looked at, in the order of ids; null before the first. */
    cursor: uuid('cursor'),
    /** The newest asset of the project when it was made: what came later has the newest version. */
    lastAssetId: uuid('last_asset_id').notNull(),
    /** When there was no asset left to look at. */
    walkedAt: instant('walked_at'),
    total: integer('total').notNull(),
    started: integer('started').notNull().default(0),
    succeeded: integer('succeeded').notNull().default(0),
    partial: integer('partial').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    cancelled: integer('cancelled').notNull().default(0),
    skipped: jsonb('skipped').$type<Partial<Record<SkipReason, number>>>().notNull().default({}),
    /** By the code of the error. */
    failures: jsonb('failures').$type<Record<string, number>>().notNull().default({}),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    finishedAt: instant('finished_at'),
  },
  table => [
    uniqueIndex('backfills_one_active').on(table.projectId).where(sql`status IN ('running', 'paused')`),
    index('backfills_by_project').on(table.projectId, table.id),
  ],
)

export type BackfillRow = typeof backfills.$inferSelect

/** An asset that a backfill made a job for: never twice. */
export const backfillItems = pgTable(
  'backfill_items',
  {
    backfillId: uuid('backfill_id')
      .notNull()
      .references(() => backfills.id),
    assetId: uuid('asset_id')
      .notNull()
      .references(() => assets.id),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id),
    /** Null while the job is under way. */
    outcome: text('outcome', { enum: BACKFILL_OUTCOMES }),
    code: text('code'),
  },
  table => [
    primaryKey({ columns: [table.backfillId, table.assetId] }),
    index('backfill_items_open').on(table.backfillId).where(sql`outcome IS NULL`),
    // For the checks of the references whenever an asset's or a job's row goes, which would read every item.
    index('backfill_items_by_asset').on(table.assetId),
    index('backfill_items_by_job').on(table.jobId),
  ],
)
