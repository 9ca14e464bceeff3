import type { WorkerLoad } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/** Queues that are, or once were, paused. Pausing is a row, so that it outlives whatever BullMQ runs on. */
export const queueStates = pgTable('queue_states', {
  queue: text('queue').primaryKey(),
  pausedAt: instant('paused_at'),
  /** `alarm` when the pipeline paused itself because only a person can help. */
  pausedBy: text('paused_by', { enum: ['operator', 'alarm'] }),
  reason: text('reason'),
})

export type QueueState = typeof queueStates.$inferSelect

/** What a person should look at. One row while it lasts, however often it is seen. */
export const alarms = pgTable(
  'alarms',
  {
    id: uuid('id').primaryKey(),
    code: text('code').notNull(),
    /** What it is about, such as a bucket or a host; empty when there is only one. */
    subject: text('subject').notNull().default(''),
    message: text('message').notNull(),
    count: integer('count').notNull().default(1),
    raisedAt: instant('raised_at').notNull().default(sql`now()`),
    lastSeenAt: instant('last_seen_at').notNull().default(sql`now()`),
    clearedAt: instant('cleared_at'),
  },
  table => [
    uniqueIndex('alarms_open').on(table.code, table.subject).where(sql`cleared_at IS NULL`),
    index('alarms_by_subject').on(table.subject),
  ],
)

export type AlarmRow = typeof alarms.$inferSelect

/** Contents that killed the process that worked on them, by project; without a project, everywhere. */
export const quarantine = pgTable(
  'quarantine',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').references(() => projects.id),
    sha256: text('sha256').notNull(),
    crashes: integer('crashes').notNull().default(0),
    reason: text('reason').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    releasedAt: instant('released_at'),
  },
  table => [
    uniqueIndex('quarantine_content')
      .on(table.sha256, sql`coalesce(${table.projectId}, '00000000-0000-0000-0000-000000000000')`)
      .where(sql`released_at IS NULL`),
    index('quarantine_by_project').on(table.projectId, table.id).where(sql`released_at IS NULL`),
  ],
)

export type QuarantineRow = typeof quarantine.$inferSelect

/** Worker processes that are alive, by their heartbeat. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  host: text('host').notNull(),
  version: text('version').notNull(),
  queues: text('queues').array().notNull(),
  /** Kinds of media that it is to serve and has no tools for. */
  lacks: text('lacks').array().notNull().default(sql`'{}'`),
  /** Versions that decide what its files look like; see `fingerprint`. Null of a worker of before. */
  engines: jsonb('engines').$type<{ sharp: string; libvips: string; ffmpeg: string | null }>(),
  /** Runs at once, per queue. */
  slots: integer('slots').notNull(),
  startedAt: instant('started_at').notNull().default(sql`now()`),
  seenAt: instant('seen_at').notNull().default(sql`now()`),
  drainingAt: instant('draining_at'),
  /** Of its process and its machine; null of a worker of before. */
  load: jsonb('load').$type<WorkerLoad>(),
})

export type WorkerRow = typeof workers.$inferSelect

/** Event notifications of the store, by the store's id: each is acted on once. */
export const inbox = pgTable(
  'inbox',
  {
    eventId: text('event_id').primaryKey(),
    type: text('type').notNull(),
    bucket: text('bucket').notNull(),
    key: text('key').notNull(),
    versionId: text('version_id'),
    byteSize: bigint('byte_size', { mode: 'number' }),
    data: jsonb('data').$type<Record<string, unknown>>().notNull().default({}),
    receivedAt: instant('received_at').notNull().default(sql`now()`),
    /** When somebody took it; free again after a minute while there is no outcome. */
    processedAt: instant('processed_at'),
    outcome: text('outcome'),
  },
  table => [
    index('inbox_open').on(table.receivedAt).where(sql`outcome IS NULL`),
    // `text_pattern_ops`: also finds what lies below a prefix, in any collation.
    index('inbox_by_object').on(table.bucket, table.key.op('text_pattern_ops')),
  ],
)

export type InboxEvent = typeof inbox.$inferSelect

/** When a task that is due at long intervals was last begun, by whichever process, and until when it is being done. */
export const taskLeases = pgTable('task_leases', {
  task: text('task').primaryKey(),
  begunAt: instant('begun_at').notNull().default(sql`now()`),
  /** Moved on while the task is being done; null once it is. */
  openUntil: instant('open_until'),
})
