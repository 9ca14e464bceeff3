import { JOB_STATUSES, LANES, type ResourceError } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import {
  bigint,
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
    lane: text('lane', { enum: LANES }).notNull().default('interactive'),
    status: text('status', { enum: JOB_STATUSES }).notNull().default('queued'),
    generation: integer('generation').notNull().default(0),
    attempt: integer('attempt').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(8),
    availableAt: instant('available_at').notNull().default(sql`now()`),
    /** A hint: when the dispatcher last handed it to BullMQ, under `<id>-<dispatchSeq>`. */
    dispatchedAt: instant('dispatched_at'),
    dispatchSeq: integer('dispatch_seq').notNull().default(0),
    leaseToken: uuid('lease_token'),
    leaseUntil: instant('lease_until'),
    progress: doublePrecision('progress').notNull().default(0),
    stage: text('stage'),
    error: jsonb('error').$type<ResourceError>(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  table => [
    check('jobs_status', sql`${table.status} IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')`),
    uniqueIndex('jobs_one_active_per_asset').on(table.assetId).where(sql`status IN ('queued', 'running')`),
    index('jobs_by_asset').on(table.assetId, table.id),
    index('jobs_to_dispatch')
      .on(table.queue, table.lane, table.projectId, table.availableAt)
      .where(sql`status = 'queued'`),
    index('jobs_leased').on(table.leaseUntil).where(sql`status = 'running'`),
    index('jobs_by_project').on(table.projectId, table.status, table.id),
  ],
)

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
    error: jsonb('error').$type<ResourceError>(),
  },
  table => [index('job_attempts_by_job').on(table.jobId, table.attempt)],
)
