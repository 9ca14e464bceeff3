import { type AttemptError, JOB_STATUSES, LANES, type ResourceError } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { assets } from './assets.ts'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/** One unit of background work. Postgres alone owns attempts, backoff, leases and fairness. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    assetId: uuid('asset_id').references(() => assets.id),
    name: text('name').notNull(),
    queue: text('queue').notNull(),
    /** The preset version that the asset is moved to when the job succeeds; null makes it by the one that it has. */
    presetId: uuid('preset_id'),
    /** Names of the variants that are made, again even if they stand; all others are left alone. Null is a whole run. */
    onlyVariants: text('only_variants').array(),
    lane: text('lane', { enum: LANES }).notNull().default('interactive'),
    status: text('status', { enum: JOB_STATUSES }).notNull().default('queued'),
    generation: integer('generation').notNull().default(0),
    attempt: integer('attempt').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(8),
    availableAt: instant('available_at').notNull().default(sql`now()`),
    /** A hint: when the dispatcher last handed it to BullMQ, under `<id>-<dispatchSeq>`. */
    dispatchedAt: instant('dispatched_at'),
    dispatchSeq: integer('dispatch_seq').notNull().default(0),
    /** Handed to the slot that each worker keeps for interactive work. */
    isReserved: boolean('is_reserved').notNull().default(false),
    leaseToken: uuid('lease_token'),
    leaseUntil: instant('lease_until'),
    /** Of the bytes it works on, as soon as they matter: crashes are counted by project and content. */
    sourceSha256: text('source_sha256'),
    progress: doublePrecision('progress').notNull().default(0),
    stage: text('stage'),
    error: jsonb('error').$type<ResourceError>(),
    /** `X-Request-Id` of the request that caused it, also through another job. */
    requestId: text('request_id'),
    /** W3C `traceparent` of the span that caused it, which its runs continue. */
    traceparent: text('traceparent'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    /** When the attempt began that is running, or was the last. */
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  table => [
    check('jobs_status', sql`${table.status} IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')`),
    uniqueIndex('jobs_one_active_per_asset').on(table.assetId).where(sql`status IN ('queued', 'running')`),
    index('jobs_by_asset').on(table.assetId, table.id),
    index('jobs_to_dispatch')
      .on(table.queue, table.lane, table.projectId, table.availableAt, table.id)
      .where(sql`status = 'queued' AND dispatched_at IS NULL`),
    index('jobs_dispatched')
      .on(table.queue, table.dispatchedAt)
      .where(sql`status = 'queued' AND dispatched_at IS NOT NULL`),
    index('jobs_due').on(table.availableAt).where(sql`status = 'queued'`),
    index('jobs_leased').on(table.leaseUntil).where(sql`status = 'running'`),
    // Whatever an admin filters by is equal in all rows of a short scan of these: decision 0068.
    index('jobs_by_work').on(table.status, table.queue, table.lane, table.name, table.id),
    index('jobs_by_project').on(table.projectId, table.status, table.queue, table.lane, table.name, table.id),
    index('jobs_by_code')
      .on(sql`(error->>'code')`, table.status, table.queue, table.lane, table.name, table.id)
      .where(sql`error IS NOT NULL`),
    index('jobs_by_project_code')
      .on(table.projectId, sql`(error->>'code')`, table.status, table.queue, table.lane, table.name, table.id)
      .where(sql`error IS NOT NULL`),
    index('jobs_by_source').on(table.projectId, table.sourceSha256).where(sql`source_sha256 IS NOT NULL`),
  ],
)

export type JobRow = typeof jobs.$inferSelect

/** One run of a job: who, when, and how it ended. */
export const jobAttempts = pgTable(
  'job_attempts',
  {
    id: uuid('id').primaryKey(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id),
    attempt: integer('attempt').notNull(),
    leaseToken: uuid('lease_token').notNull(),
    host: text('host').notNull(),
    startedAt: instant('started_at').notNull().default(sql`now()`),
    finishedAt: instant('finished_at'),
    outcome: text('outcome'),
    peakMemoryBytes: bigint('peak_memory_bytes', { mode: 'number' }),
    error: jsonb('error').$type<AttemptError>(),
  },
  table => [index('job_attempts_by_job').on(table.jobId, table.attempt)],
)

export type JobAttemptRow = typeof jobAttempts.$inferSelect
