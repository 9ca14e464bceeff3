import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytewise, instant } from './columns.ts'
import { projects } from './projects.ts'

/** A bucket that moves into a project: how far its listing was walked. */
export const bucketImports = pgTable(
  'bucket_imports',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    /** S3 endpoint of the bucket's store. */
    endpoint: text('endpoint').notNull(),
    bucket: text('bucket').notNull(),
    /** What is walked of it; another prefix begins a walk of its own. */
    prefix: text('prefix').notNull(),
    /** Every object up to this key has its row; null before the first. */
    cursor: bytewise('cursor'),
    startedAt: instant('started_at').notNull().default(sql`now()`),
    /** When the walk came to its end; null while it has not. */
    walkedAt: instant('walked_at'),
  },
  table => [unique('bucket_imports_source').on(table.projectId, table.endpoint, table.bucket)],
)

export type BucketImportRow = typeof bucketImports.$inferSelect

/** An object of such a bucket, by its key and what is in it: never imported twice. */
export const bucketImportObjects = pgTable(
  'bucket_import_objects',
  {
    importId: uuid('import_id')
      .notNull()
      .references(() => bucketImports.id),
    key: bytewise('key').notNull(),
    /** Tells versions apart that have other bytes; without quotes. */
    etag: text('etag').notNull(),
    /** The upload that brings its bytes; null when it was refused before it had one. No reference: the row outlives the asset. */
    uploadId: uuid('upload_id'),
    assetId: uuid('asset_id'),
    /** Why it is no asset. The next run tries it again. */
    error: jsonb('error').$type<{ code: string; message: string }>(),
    /** When its upload was confirmed; null while it is under way, or failed. */
    importedAt: instant('imported_at'),
  },
  table => [
    primaryKey({ name: 'bucket_import_objects_pkey', columns: [table.importId, table.key, table.etag] }),
    index('bucket_import_objects_open').on(table.importId, table.key).where(sql`imported_at IS NULL`),
  ],
)

export type BucketImportObject = typeof bucketImportObjects.$inferSelect
