import type { WarningCode } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** A tenant, and what it may do. A limit that is null leaves it to the installation. */
export const projects = pgTable(
  'projects',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    /** Jobs of the project that may be under way at once; null leaves it to the fair share. */
    maxConcurrency: integer('max_concurrency'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    /** Media types that its uploads may declare. */
    allowedTypes: text('allowed_types').array(),
    /** Whether the bytes decide what a file is, and not what was declared of it. */
    detectTypeByContent: boolean('detect_type_by_content').notNull().default(false),
    maxUploadBytes: bigint('max_upload_bytes', { mode: 'number' }),
    /** Bytes that it may have stored, those included that open uploads have declared. */
    quotaBytes: bigint('quota_bytes', { mode: 'number' }),
    requestsPerMinute: integer('requests_per_minute'),
    maxOpenUploads: integer('max_open_uploads'),
    /** Preset of uploads that name none. */
    defaultPreset: text('default_preset'),
    /** In front of the public bucket, without a trailing slash. */
    cdnBaseUrl: text('cdn_base_url'),
    /** Rises when the URLs of its variants become others; part of the ETag of its assets. */
    deliveryRevision: integer('delivery_revision').notNull().default(0),
    /** Origins of pages that may call the API with a key or token of this project. */
    browserOrigins: text('browser_origins').array().notNull().default(sql`'{}'`),
    /** Warnings that are errors here. */
    failOn: text('fail_on').array().$type<WarningCode[]>().notNull().default(sql`'{}'`),
    /** Nothing of it is published: variants lie in the private bucket and are reached through signed URLs. */
    isPrivate: boolean('is_private').notNull().default(false),
    /** When its deletion begins. While it is set nothing of the project is reached with its keys, and nothing is added to it. */
    deletesAt: instant('deletes_at'),
    /** When nothing of it was left but this row, which its receipt hangs on; the name is free again. */
    deletedAt: instant('deleted_at'),
  },
  table => [uniqueIndex('projects_name').on(table.name).where(sql`deleted_at IS NULL`)],
)

export type Project = typeof projects.$inferSelect

/** Projects that are being deleted, or were: how far that is, and at its end the receipt. */
export const projectDeletions = pgTable(
  'project_deletions',
  {
    projectId: uuid('project_id')
      .primaryKey()
      .references(() => projects.id),
    requestedAt: instant('requested_at').notNull().default(sql`now()`),
    /** The public part of the key that asked for it. */
    requestedBy: text('requested_by').notNull(),
    /** From then on it cannot be undone. */
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** The assets are walked in rounds, in the order of ids, until none is left. */
    roundStartsAt: instant('round_starts_at').notNull().default(sql`now()`),
    /** The last asset that was looked at in this round; null before the first. */
    cursor: uuid('cursor'),
    /** What it has removed so far; assets, objects and bytes count from when they are given up. */
    assets: integer('assets').notNull().default(0),
    objects: bigint('objects', { mode: 'number' }).notNull().default(0),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    keys: integer('keys').notNull().default(0),
    webhooks: integer('webhooks').notNull().default(0),
    presets: integer('presets').notNull().default(0),
  },
  table => [index('project_deletions_active').on(table.projectId).where(sql`finished_at IS NULL`)],
)

export type ProjectDeletion = typeof projectDeletions.$inferSelect

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
    expiresAt: instant('expires_at'),
  },
  table => [index('api_keys_project').on(table.projectId)],
)

export type ApiKey = typeof apiKeys.$inferSelect
