import {
  ASSET_STATUSES,
  type AssetWarning,
  type DeletionReceipt,
  type FocalPoint,
  MEDIA_KINDS,
  type Placeholder,
  type ResourceError,
  UPLOAD_TYPES,
  VARIANT_STATUSES,
} from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { presets } from './presets.ts'
import { projects } from './projects.ts'

/** An upload whose next check lies exactly this long after its creation was never looked at. */
export const UNCHECKED_FOR = sql.raw("interval '2 minutes'")

/** What lists show: what was purged or taken down answers 410 when read alone. Their indexes know nothing else. */
export const IS_LISTED = sql.raw('purged_at IS NULL AND taken_down_at IS NULL')

/** The order of an id under another name: an index of this is not taken for one of ids, which would be walked to its end. */
export const ID_BYTES = sql.raw('(uuid_send(id))')

/** By what names are sorted: with a folder of 500 characters beside it, an entry of an index has no room for more. */
export const SORTED_NAME = sql.raw('(left(filename, 120))')

const oneOf = (values: readonly string[]) => sql.raw(values.map(value => `'${value}'`).join(', '))

/** One media item and everything made from it. */
export const assets = pgTable(
  'assets',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id),
    presetId: uuid('preset_id')
      .notNull()
      .references(() => presets.id),
    externalId: text('external_id'),
    status: text('status', { enum: ASSET_STATUSES }).notNull().default('awaiting_upload'),
    /** Rises on every change that a client can see; the ETag. */
    revision: integer('revision').notNull().default(1),
    /** Rises when a job for the asset is created and when it is deleted; fences off older runs. */
    generation: integer('generation').notNull().default(0),
    kind: text('kind', { enum: MEDIA_KINDS }),
    filename: text('filename').notNull(),
    contentType: text('content_type').notNull(),
    byteSize: bigint('byte_size', { mode: 'number' }).notNull(),
    /** Of the verified bytes; what the client declared is in `uploads.sha256`. */
    sha256: text('sha256'),
    /** Path of the folder it lies in, such as `2026/summer`; empty at the top. */
    folder: text('folder').notNull().default(''),
    tags: text('tags').array().notNull().default(sql`'{}'`),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    title: text('title'),
    /** Empty of decoration; null where nobody wrote one. */
    altText: text('alt_text'),
    description: text('description'),
    /** What stays in every crop of an image. */
    focalPoint: jsonb('focal_point').$type<FocalPoint>(),
    width: integer('width'),
    height: integer('height'),
    durationMs: integer('duration_ms'),
    pageCount: integer('page_count'),
    animated: boolean('animated'),
    placeholder: jsonb('placeholder').$type<Placeholder>(),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull().default({}),
    /** All else that the probe found, so that a plan can be made without the file; null of what was processed before it was kept. */
    probe: jsonb('probe').$type<Record<string, unknown>>(),
    originalObjectId: uuid('original_object_id'),
    error: jsonb('error').$type<ResourceError>(),
    /** What is wrong with the source, one of a code. */
    warnings: jsonb('warnings').$type<AssetWarning[]>().notNull().default([]),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    confirmedAt: instant('confirmed_at'),
    firstPreviewAt: instant('first_preview_at'),
    readyAt: instant('ready_at'),
    expiresAt: instant('expires_at'),
    sourceExpiresAt: instant('source_expires_at'),
    /** When it is deleted unless somebody restores it before; null while nobody wants that. */
    deleteAt: instant('delete_at'),
    deletedAt: instant('deleted_at'),
    /** Deleted because it must not be published: nobody sees it from here on. */
    takenDownAt: instant('taken_down_at'),
    /** When the first pass of a deletion had removed every object. */
    purgedAt: instant('purged_at'),
    /** What a deletion removed, once nothing of the asset can come back. */
    receipt: jsonb('receipt').$type<DeletionReceipt>(),
    /** When the CDN had dropped what it kept of a deleted asset; null also where none is told. */
    cdnPurgedAt: instant('cdn_purged_at'),
  },
  table => [
    check('assets_status', sql`${table.status} IN (${oneOf(ASSET_STATUSES)})`),
    uniqueIndex('assets_external_id')
      .on(table.projectId, table.externalId)
      .where(sql`deleted_at IS NULL AND external_id IS NOT NULL`),
    // The orders of lists: decision 0068. `assets_by_terms`, for all filters together, stands in the migration.
    index('assets_by_project').on(table.projectId, table.id).where(IS_LISTED),
    index('assets_by_status_kind').on(table.projectId, table.status, table.kind, ID_BYTES).where(IS_LISTED),
    index('assets_by_filename').on(table.projectId, table.kind, SORTED_NAME, table.id).where(IS_LISTED),
    index('assets_by_byte_size').on(table.projectId, table.kind, table.byteSize, table.id).where(IS_LISTED),
    index('assets_by_folder').on(table.folder, table.projectId, table.id).where(sql`deleted_at IS NULL`),
    index('assets_by_folder_filename')
      .on(table.folder, table.projectId, SORTED_NAME, table.id)
      .where(sql`deleted_at IS NULL`),
    index('assets_by_content')
      .on(table.sha256, table.projectId, table.id)
      .where(sql`sha256 IS NOT NULL AND deleted_at IS NULL`),
    index('assets_unsettled').on(table.confirmedAt).where(sql`status = 'processing'`),
    index('assets_to_promote')
      .on(table.confirmedAt)
      .where(sql`original_object_id IS NULL AND status IN ('processing', 'failed')`),
    index('assets_to_expire').on(table.expiresAt).where(sql`status = 'awaiting_upload'`),
    index('assets_to_delete').on(table.deleteAt).where(sql`delete_at IS NOT NULL AND deleted_at IS NULL`),
    index('assets_source_to_expire').on(table.sourceExpiresAt).where(sql`source_expires_at IS NOT NULL`),
    // For the check of the reference when a project's preset goes, which would read every asset.
    index('assets_by_preset').on(table.presetId),
    unique('assets_project_id').on(table.projectId, table.id),
  ],
)

export type AssetRow = typeof assets.$inferSelect

/** The listed assets of a tag, in the order of their ids. Triggers on `assets` keep it. */
export const assetTags = pgTable(
  'asset_tags',
  {
    projectId: uuid('project_id').notNull(),
    tag: text('tag').notNull(),
    assetId: uuid('asset_id').notNull(),
  },
  table => [primaryKey({ name: 'asset_tags_pkey', columns: [table.projectId, table.tag, table.assetId] })],
)

/** Every object in the store: the row stands before the first byte is written, so what is in no row is foreign. */
export const objects = pgTable(
  'objects',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    assetId: uuid('asset_id').notNull(),
    bucket: text('bucket').notNull(),
    key: text('key').notNull().unique(),
    state: text('state', { enum: ['writing', 'live', 'doomed'] })
      .notNull()
      .default('writing'),
    versionId: text('version_id'),
    etag: text('etag'),
    bytes: bigint('bytes', { mode: 'number' }),
    sha256: text('sha256'),
    contentType: text('content_type'),
    /** The run that writes it; null for an upload. */
    leaseToken: uuid('lease_token'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    /** A doomed object is deleted at `purgeAt`, and once more at `purgeUntil`, when nobody can write the key any more. */
    purgeAt: instant('purge_at'),
    purgeUntil: instant('purge_until'),
  },
  table => [
    check('objects_state', sql`${table.state} IN ('writing', 'live', 'doomed')`),
    index('objects_by_asset').on(table.assetId),
    index('objects_by_run').on(table.leaseToken).where(sql`state = 'writing'`),
    index('objects_to_purge').on(table.purgeAt).where(sql`state = 'doomed'`),
    foreignKey({
      name: 'objects_asset',
      columns: [table.projectId, table.assetId],
      foreignColumns: [assets.projectId, assets.id],
    }),
  ],
)

export type StoredObject = typeof objects.$inferSelect

/** A client's attempt to deliver the bytes of an asset. */
export const uploads = pgTable(
  'uploads',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    assetId: uuid('asset_id').notNull(),
    objectId: uuid('object_id').notNull(),
    type: text('type', { enum: UPLOAD_TYPES }).notNull().default('single'),
    /** Of a multipart upload: the store's id of it, and how the bytes are cut. */
    storeUploadId: text('store_upload_id'),
    partSize: bigint('part_size', { mode: 'number' }),
    partCount: integer('part_count'),
    contentType: text('content_type').notNull(),
    byteSize: bigint('byte_size', { mode: 'number' }).notNull(),
    sha256: text('sha256'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    /** The last moment at which a URL that we signed can still write the key. */
    presignExpiresAt: instant('presign_expires_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    abortedAt: instant('aborted_at'),
    /** When we first learned that the store has the bytes. */
    bytesSeenAt: instant('bytes_seen_at'),
    /** When the sweeper looks whether the bytes of an upload that nobody confirmed are there. */
    nextCheckAt: instant('next_check_at').notNull().default(sql`now() + ${UNCHECKED_FOR}`),
  },
  table => [
    index('uploads_by_asset').on(table.assetId),
    index('uploads_to_check').on(table.nextCheckAt).where(sql`confirmed_at IS NULL AND aborted_at IS NULL`),
    foreignKey({
      name: 'uploads_asset',
      columns: [table.projectId, table.assetId],
      foreignColumns: [assets.projectId, assets.id],
    }),
  ],
)

export type Upload = typeof uploads.$inferSelect

/** How far an upload by the tus protocol got, and which request writes it. */
export const tusUploads = pgTable('tus_uploads', {
  uploadId: uuid('upload_id')
    .primaryKey()
    .references(() => uploads.id, { onDelete: 'cascade' }),
  /** `Upload-Metadata`, as the client sent it. */
  metadata: text('metadata').notNull(),
  /** What the store has acknowledged: whole parts, and the rest after them. */
  receivedBytes: bigint('received_bytes', { mode: 'number' }).notNull().default(0),
  /** The object that holds the bytes after the last whole part; null when there are none. */
  restObjectId: uuid('rest_object_id'),
  /** Of the request that may write, until `writerUntil`. */
  writerToken: uuid('writer_token'),
  writerUntil: instant('writer_until'),
  /** Whether another request waits for the writer to end. */
  writerWanted: boolean('writer_wanted').notNull().default(false),
})

export type TusUpload = typeof tusUploads.$inferSelect

/** A derived file of an asset, by name. */
export const variants = pgTable(
  'variants',
  {
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id').notNull(),
    assetId: uuid('asset_id').notNull(),
    name: text('name').notNull(),
    position: integer('position').notNull(),
    required: boolean('required').notNull(),
    status: text('status', { enum: VARIANT_STATUSES }).notNull().default('pending'),
    objectId: uuid('object_id').references(() => objects.id),
    contentType: text('content_type'),
    byteSize: bigint('byte_size', { mode: 'number' }),
    width: integer('width'),
    height: integer('height'),
    sha256: text('sha256'),
    /** Of source, parameters and engine: a re-run reuses a row that stands for the same. */
    fingerprint: text('fingerprint').notNull(),
    error: jsonb('error').$type<ResourceError>(),
  },
  table => [
    check('variants_status', sql`${table.status} IN (${oneOf(VARIANT_STATUSES)})`),
    unique('variants_name').on(table.assetId, table.name),
    // For the check of the reference whenever an object's row goes, which would read every variant.
    index('variants_by_object').on(table.objectId),
    foreignKey({
      name: 'variants_asset',
      columns: [table.projectId, table.assetId],
      foreignColumns: [assets.projectId, assets.id],
    }),
  ],
)

export type VariantRow = typeof variants.$inferSelect
