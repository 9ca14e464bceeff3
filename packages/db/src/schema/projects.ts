import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** A tenant, and what it may do. A limit that is null leaves it to the installation. */
export const projects = pgTable('projects', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** Jobs of the project that may be under way at once; null leaves it to the fair share. */
  maxConcurrency: integer('max_concurrency'),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  /** Media types that its uploads may declare. */
  allowedTypes: text('allowed_types').array(),
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
  /** Nothing of it is published: variants lie in the private bucket and are reached through signed URLs. */
  isPrivate: boolean('is_private').notNull().default(false),
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
    expiresAt: instant('expires_at'),
  },
  table => [index('api_keys_project').on(table.projectId)],
)
